import ReplanCore
import ReplanRecord
import ReplanRobot

/// What the page tells of the samples that show where the episodes have been.
struct SamplesContent: Encodable {
  struct Column: Encodable {
    var name: String
    var unit: String
    /// The declared range or limits.
    var low: Double?
    var high: Double?
  }

  var rows: Int
  /// Transitions that they were taken from.
  var of: Int
  var columns: [Column]
  /// The columns that are shown first, horizontal and vertical.
  var pair: [Int]
}

/// States and actions in force of all episodes, evenly taken where there are too many.
struct StateSamples {
  /// More than a picture of them could show.
  static let most = 20_000

  private let robot: RobotDescription
  private let safeAction: [Float]
  private let share: Int
  private var columns: [[Float]]
  private var total = 0

  /// - Parameters:
  ///   - episodes: their number, among which the rows are shared.
  ///   - bytes: what all of them may take.
  init(robot: RobotDescription, episodes: Int, bytes: Int) {
    self.robot = robot
    let limits = robot.limits()
    safeAction = robot.action.indices.map { limits.safe[$0] }
    let channels = robot.observation.count + robot.action.count
    share = max(50, min(Self.most, bytes / (4 * channels)) / max(episodes, 1))
    columns = Array(repeating: [], count: channels)
  }

  /// - Returns: false if the episode is that of another robot.
  mutating func add(_ episode: Episode) -> Bool {
    guard episode.header.observationChannels == robot.observation.map(\.name),
      episode.header.actionChannels == robot.action.map(\.name)
    else { return false }
    let set = episode.transitions(latency: robot.latency, safeAction: safeAction)
    total += set.count
    let taken = min(set.count, share)
    for k in 0..<taken {
      let row = set.count * k / taken
      for c in 0..<set.stateCount { columns[c].append(set.states[row * set.stateCount + c]) }
      for c in 0..<set.actionCount {
        columns[set.stateCount + c].append(set.actions[row * set.actionCount + c])
      }
    }
    return true
  }

  /// Column after column.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    for column in columns {
      // SAFETY: the bytes of an array of floats, which have no padding.
      column.withUnsafeBytes { bytes += $0 }
    }
    return bytes
  }

  var content: SamplesContent {
    SamplesContent(
      rows: columns[0].count, of: total,
      columns: robot.observation.map {
        SamplesContent.Column(
          name: $0.name, unit: $0.unit, low: $0.range?.low, high: $0.range?.high)
      }
        + robot.action.map {
          SamplesContent.Column(
            name: $0.name, unit: $0.unit, low: $0.limits.low, high: $0.limits.high)
        }, pair: pair)
  }

  /// The last declared position with its velocity, which tells most; otherwise the first two channels.
  private var pair: [Int] {
    guard let declared = robot.declaredStructure.secondOrder.last,
      let position = robot.observationIndex(declared.position),
      let velocity = robot.observationIndex(declared.velocity)
    else { return [0, 1] }
    return [position, velocity]
  }
}
