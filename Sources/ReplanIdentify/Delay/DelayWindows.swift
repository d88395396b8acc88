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
  /// Position by velocity channel; channels that are neither stand alone.
  private let position: [Int: Int]

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

  /// A stretch's regression of one channel.
  ///
  /// - Shapes: target [sample], columns [column][sample]; all without what the unknown start, and for
  ///   a position the unknown velocity there, can explain.
  struct Regression {
    var target: [Double]
    var columns: [[Double]]
  }

  /// - Parameter delay: ticks; nil leaves the actions out.
  func regressions(channel: Int, order: Int, delay: Int?) -> [Regression] {
    windows.map { window in
      var columns = drift(window, channel, order)
      if let delay { columns += effect(window, order, delay) }
      return Regression(
        target: detrended(window.states[channel], order),
        columns: columns.map { detrended($0, order) })
    }
  }

  /// What moves the channel without the actions: a constant, the state, and friction, which takes
  /// the positions instead of the noisy velocities.
  private func drift(_ window: Window, _ channel: Int, _ order: Int) -> [[Double]] {
    let count = window.states[0].count
    var columns = [integrated([Double](repeating: 1, count: count), order)]
    for j in window.states.indices where position[j] == nil {
      let values = window.states[j]
      if !structure.states[j].isInvariant {
        for feature in features(values, isAngle: structure.states[j].isAngle) {
          columns.append(integrated(middles(feature), order))
        }
      }
      // An integral of a velocity is its position.
      if order == 2 {
        columns.append(integrated(middles(values), 1))
      } else if j != channel {
        columns.append(values)
      }
    }
    return columns
  }

  private func features(_ values: [Double], isAngle: Bool) -> [[Double]] {
    isAngle ? [values.map { sin($0) }, values.map { cos($0) }] : [values]
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

  /// Without mean and, for order 2, without slope.
  private func detrended(_ values: [Double], _ order: Int) -> [Double] {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    guard order == 2 else { return values.map { $0 - mean } }
    let middle = (count - 1) / 2
    var (moment, spread) = (0.0, 0.0)
    for (k, value) in values.enumerated() {
      moment += (Double(k) - middle) * value
      spread += (Double(k) - middle) * (Double(k) - middle)
    }
    return values.enumerated().map { $1 - mean - moment / spread * (Double($0) - middle) }
  }
}
