import Glibc
import ReplanCore
import ReplanRecord

/// Stretches of records as the delay's regression sees them: each channel over a stretch is a start
/// of its own plus integrals of what the state and the actions do to it.
///
/// Integrals, because they leave the sensors' noise as it is where differences from tick to tick
/// would double it, and because over a stretch an action that comes a tick late has moved the plant
/// to another place, which is seen in every sample after it.
struct DelayWindows {
  /// A stretch: values from `longest` samples before its first on.
  private struct Window {
    /// Shape [channel][sample], angles without jumps, from the first sample on.
    var states: [[Double]]
    /// Shape [action][tick], beginning `longest` ticks before the first sample.
    var actions: [[Double]]
  }

  private let structure: PlantStructure
  private let longest: Int
  private var windows: [Window] = []
  /// Mean square of each channel.
  private var usualSquares: [Double] = []
  /// Position by velocity channel; channels that are neither stand alone.
  private let position: [Int: Int]

  /// Whether there are samples enough for a plant in detail.
  private var isLong: Bool { windows.reduce(0) { $0 + $1.states[0].count } >= Self.enough }
  private static let enough = 150

  /// Samples of each stretch.
  var lengths: [Int] { windows.map { $0.states[0].count } }

  /// Ticks of a stretch, if a record holds so many.
  private static let length = 25
  /// So many stretches are enough.
  private static let most = 400

  init(_ trajectories: [Trajectory], _ structure: PlantStructure, longest: Int) {
    self.structure = structure
    self.longest = longest
    var position: [Int: Int] = [:]
    for i in 0..<structure.stateCount where structure.states[i].velocity >= 0 {
      position[structure.states[i].velocity] = i
    }
    self.position = position
    var all: [Window] = []
    for trajectory in trajectories { all += windows(of: trajectory) }
    let stride = max(1, all.count / Self.most)
    windows = all.indices.filter { $0 % stride == 0 }.prefix(Self.most).map { all[$0] }
    let samples = Double(max(lengths.reduce(0, +), 1))
    usualSquares = (0..<structure.stateCount).map { channel in
      windows.reduce(0) { $1.states[channel].reduce($0) { $0 + $1 * $1 } } / samples
    }
  }

  private func windows(of trajectory: Trajectory) -> [Window] {
    let available = trajectory.count - longest
    guard available >= 8 else { return [] }
    let count = max(1, available / Self.length)
    let length = available / count
    return (0..<count).compactMap { index in
      let first = longest + index * length
      let samples = first...first + length
      guard samples.allSatisfy({ trajectory.isPresent($0) }) else { return nil }
      return Window(
        states: (0..<structure.stateCount).map { channel in
          series(
            samples.map { Double(trajectory.states[$0 * trajectory.stateCount + channel]) },
            isAngle: structure.states[channel].isAngle)
        },
        actions: (0..<structure.actionCount).map { action in
          (first - longest..<first + length).map {
            Double(trajectory.actions[$0 * trajectory.actionCount + action])
          }
        })
    }
  }

  private func series(_ values: [Double], isAngle: Bool) -> [Double] {
    guard isAngle else { return values }
    var result = values
    for k in 1..<max(values.count, 1) {
      result[k] = result[k - 1] + remainder(values[k] - values[k - 1], 2 * .pi)
    }
    return result
  }

  /// How often a channel is integrated: twice for a position, of which the actions move the
  /// velocity; nil where the structure does not say.
  func order(of channel: Int) -> Int? {
    if structure.states[channel].velocity >= 0 { return 2 }
    return position[channel] != nil ? 1 : nil
  }

  /// The channel itself, then what moves it without the actions. Shape [stretch][sample, column].
  func drifts(channel: Int, order: Int) -> [Matrix] {
    windows.map { Matrix(columns: [$0.states[channel]] + drift($0, channel, order)) }
  }

  /// What actions of so many ticks before do. Shape [stretch][sample, column].
  func effects(order: Int, delay: Int) -> [Matrix] {
    windows.map { Matrix(columns: effect($0, order, delay)) }
  }

  /// What moves the channel without the actions: a constant, the state, and friction, which takes
  /// the positions instead of the noisy velocities.
  private func drift(_ window: Window, _ channel: Int, _ order: Int) -> [[Double]] {
    let count = window.states[0].count
    var columns = [integrated([Double](repeating: 1, count: count), order)]
    for j in window.states.indices where position[j] == nil {
      let values = window.states[j]
      if !structure.states[j].isInvariant {
        for feature in features(values, isAngle: structure.states[j].isAngle) + swings(window, j) {
          columns.append(integrated(middles(feature), order))
        }
      }
      if let dry = dryFriction(window, j) { columns.append(integrated(middles(dry), order)) }
      // An integral of a velocity is its position.
      if order == 2 {
        columns.append(integrated(middles(values), 1))
      } else if j != channel {
        columns.append(values)
      }
    }
    return columns
  }

  /// What opposes a motion whatever its speed: the direction, faded out where noise would turn it about.
  private func dryFriction(_ window: Window, _ j: Int) -> [Double]? {
    let rate = structure.states[j].velocity
    guard rate >= 0, isLong, usualSquares[rate] > 0 else { return nil }
    let slow = Self.slow * Self.slow * usualSquares[rate]
    return window.states[rate].map { $0 / ($0 * $0 + slow).squareRoot() }
  }

  /// Share of a channel's usual speed below which friction fades.
  private static let slow = 0.2

  private func features(_ values: [Double], isAngle: Bool) -> [[Double]] {
    isAngle ? [values.map { sin($0) }, values.map { cos($0) }] : [values]
  }

  /// Of an angle, what coupled bodies feel besides: the pull of the turning, and an inertia that depends
  /// on the pose, to second order. Left out where few samples tell it.
  private func swings(_ window: Window, _ j: Int) -> [[Double]] {
    guard structure.states[j].isAngle, isLong else { return [] }
    let angle = window.states[j]
    var result = features(angle.map { 2 * $0 }, isAngle: true)
    let rate = structure.states[j].velocity
    if rate >= 0 {
      result += features(angle, isAngle: true).map { feature in
        zip(feature, window.states[rate]).map { $0 * $1 * $1 }
      }
    }
    return result
  }

  /// What the actions do: by themselves, and as the angles turn their effect.
  private func effect(_ window: Window, _ order: Int, _ delay: Int) -> [[Double]] {
    let count = window.states[0].count
    var gates = [[Double](repeating: 1, count: count)]
    for j in window.states.indices where structure.states[j].isAngle {
      gates += features(window.states[j], isAngle: true)
    }
    return window.actions.flatMap { action in
      gates.map { gate in
        integrated(
          (0..<count).map { k in
            // The last sample's action moves nothing any more.
            k < count - 1 ? gate[k] * action[longest + k - delay] : 0
          }, order)
      }
    }
  }

  /// The mean of each tick's two ends.
  private func middles(_ values: [Double]) -> [Double] {
    values.indices.map { $0 + 1 < values.count ? (values[$0] + values[$0 + 1]) / 2 : values[$0] }
  }

  /// What a held value adds up to: the sum, or for a position that of its sums, each tick's own
  /// contribution by half.
  private func integrated(_ values: [Double], _ order: Int) -> [Double] {
    var (velocity, place) = (0.0, 0.0)
    return values.map { value in
      defer {
        place += velocity + value / 2
        velocity += value
      }
      return order == 2 ? place : velocity
    }
  }
}

extension Matrix {
  /// - Precondition: at least one column; all of the same length.
  fileprivate init(columns: [[Double]]) {
    self.init(rows: columns[0].count, columns: columns.count)
    values = columns.flatMap { $0 }
  }
}
