public import ReplanCore
import ReplanNumerics
import ReplanRealtime

/// Ticks of a controller over a model of random weights, timed.
///
/// The state wanders between points drawn from the plant's ranges, so that plans are warm-started as
/// in a run. What is timed is `Controller.tick`, without the line and without waking up.
public struct TickBench: ~Copyable {
  /// How often ticks come.
  public enum Pace: Sendable, Equatable {
    /// One after the other.
    case steady
    /// One each so many nanoseconds: caches and clock rate are as after a wait. Longer waits than
    /// 2 ms are cut short, as nothing changes any more.
    case period(Int64)
  }

  /// Ticks that are not counted: the first ones meet cold caches.
  private static let warmUp = 10
  private static let wait: Int64 = 2_000_000

  private var controller: Controller
  private let memory: ZeroedMemory
  private let model: RandomModel
  private let scale: StateScale
  private let stateCount: Int
  private var random = Philox(
    seed: SIMD2(2, 0), episode: 0, tick: 0, iteration: 0, candidate: 0)
  private var from: [Float]
  private var to: [Float]
  private var tick = 0

  /// - Parameter crew: who shares the rollouts of a configuration with several workers.
  /// - Precondition: the model is an ensemble.
  public init(_ configuration: ControllerConfiguration, crew: Crew = Crew()) {
    guard case .ensemble(let shape) = configuration.model else {
      preconditionFailure("weights are drawn for ensembles only")
    }
    memory = ZeroedMemory(bytes: Controller.byteCount(configuration))
    var arena = Arena(base: memory.base, capacity: memory.bytes)
    controller = Controller(configuration, arena: &arena)
    scale = StateScale(configuration)
    stateCount = configuration.structure.stateCount
    model = RandomModel(configuration.structure, shape, scale: scale, seed: 3)
    from = scale.middle
    to = scale.middle
    controller.employ(crew)
    controller.adopt(model.parameters)
    controller.begin(episode: 1, mode: .plan)
  }

  /// Bytes that the controller works in.
  public var arenaBytes: Int { memory.bytes }

  /// Times ticks until there are `ticks`, or until `limit` has passed and there are `least`.
  ///
  /// - Units: limit in ns.
  public mutating func measure(
    ticks: Int, least: Int = 1, limit: Int64 = .max, pace: Pace = .steady
  ) -> TickTimes {
    var times: [Int64] = []
    times.reserveCapacity(ticks)
    var fallbacks = 0
    var breather = Breather()
    for _ in 0..<Self.warmUp {
      _ = step()
      breather.breathe()
    }
    let begin = MonotonicClock.nanoseconds
    while times.count < ticks {
      let start = MonotonicClock.nanoseconds
      if times.count >= least && start - begin > limit { break }
      let verdict = step()
      let elapsed = MonotonicClock.nanoseconds - start
      times.append(elapsed)
      if verdict.isFallback { fallbacks += 1 }
      if case .period(let period) = pace, elapsed < period {
        MonotonicClock.sleepUntil(
          nanoseconds: start + elapsed + min(period - elapsed, Self.wait))
        breather.rested()
      } else {
        breather.breathe()
      }
    }
    return TickTimes(nanoseconds: times, fallbacks: fallbacks)
  }

  private mutating func step() -> Verdict {
    let stretch = 25
    if tick % stretch == 0 {
      from = to
      for i in 0..<stateCount {
        // Uniform over the scale's width.
        let share = Float(random.next().x >> 8) / Float(1 << 23) - 1
        to[i] = scale.middle[i] + scale.half[i] * share
      }
    }
    let share = Float(tick % stretch) / Float(stretch)
    var values = StateVector(repeating: 0)
    for i in 0..<stateCount { values[i] = from[i] + share * (to[i] - from[i]) }
    let decision = controller.tick(Observation(values: values, tick: tick), tick: tick) { _ in true
    }
    tick += 1
    return decision.verdict
  }
}
