import ReplanNumerics

/// Velocities from positions: causal differences, through a low-pass of first order where wanted.
///
/// A sample that is missing makes the next difference one over more ticks; the low-pass then takes as
/// many steps.
struct Differentiator {
  /// An unmeasured velocity and the position that it is found from.
  private struct Pair: BitwiseCopyable {
    var velocity = 0
    var position = 0
    var isAngle = false
  }

  private let pairs: UnsafeMutablePointer<Pair>
  private let count: Int
  /// The position of each pair at the last sample, and its velocity as it was filtered then.
  private let last: UnsafeMutablePointer<Float>
  private let filtered: UnsafeMutablePointer<Float>
  private let tick: Float
  /// 0 where differences are taken as they are.
  private let decay: Float
  /// Ticks since the last sample; 0 before the first.
  private var age = 0
  /// Samples so far, as far as they matter: the first difference needs two.
  private var samples = 0

  init(_ configuration: ControllerConfiguration, arena: inout Arena) {
    let structure = configuration.structure
    var count = 0
    for i in 0..<structure.measuredCount where Self.isPosition(i, configuration) { count += 1 }
    self.count = count
    pairs = arena.take(Pair.self, count: max(count, 1))
    last = arena.floats(max(count, 1))
    filtered = arena.floats(max(count, 1))
    tick = structure.tick
    decay =
      switch configuration.estimator.method {
      case .none, .difference: 0
      case .lowpass(let decay), .kalman(let decay): decay
      }
  }

  private static func isPosition(_ i: Int, _ configuration: ControllerConfiguration) -> Bool {
    let velocity = configuration.structure.states[i].velocity
    return velocity >= 0 && configuration.estimator.isEstimated[velocity]
      && !configuration.estimator.isEstimated[i]
  }

  /// Fills tables; not on the tick.
  func prepare(_ configuration: ControllerConfiguration) {
    let structure = configuration.structure
    var next = 0
    for i in 0..<structure.measuredCount where Self.isPosition(i, configuration) {
      pairs[next] = Pair(
        velocity: structure.states[i].velocity, position: i, isAngle: structure.states[i].isAngle)
      next += 1
    }
  }

  /// Forgets the last episode.
  mutating func begin() {
    age = 0
    samples = 0
    for k in 0..<count {
      last[k] = 0
      filtered[k] = 0
    }
  }

  /// Counts a tick without a usable sample.
  mutating func pass() { age += 1 }

  /// Takes in a sample and writes the velocities into the state; 0 at the first.
  ///
  /// - Shapes: state [S], the measured channels of which are those of the sample.
  /// - Parameter elapsed: samples since the one before, as far as their numbers tell.
  mutating func update(_ state: UnsafeMutablePointer<Float>, elapsed: Int) {
    age += 1
    let ticks = max(age, elapsed)
    for k in 0..<count {
      let pair = pairs[k]
      if samples > 0 {
        let change = state[pair.position] - last[k]
        let distance = pair.isAngle ? wrappedAngle(change) : change
        let slope = distance / (Float(ticks) * tick)
        // The first difference is all that is known: a filter that started at 0 would creep up to it.
        let kept = samples == 1 ? 0 : decayed(ticks)
        filtered[k] = kept * filtered[k] + (1 - kept) * slope
      }
      last[k] = state[pair.position]
      state[pair.velocity] = filtered[k]
    }
    age = 0
    samples = min(samples + 1, 2)
  }

  /// What is left of a value after so many ticks.
  private func decayed(_ ticks: Int) -> Float {
    var kept: Float = 1
    // Beyond the longest latency nothing that matters is left.
    for _ in 0..<min(ticks, Capacity.latencyTicks) { kept *= decay }
    return kept
  }
}
