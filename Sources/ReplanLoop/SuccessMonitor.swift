import ReplanCore
import ReplanNumerics
import ReplanRobot

/// Decides whether the task is done, or the plant at rest: all conditions held over the last stretch of
/// samples.
struct SuccessMonitor {
  private struct Condition: BitwiseCopyable {
    var channel = 0
    var within: Float = 0
    var of: Float = 0
    var isAngle = false
  }

  private var conditions: InlineArray<32, Condition>
  private let count: Int
  /// Samples in a row that must hold: a stretch of n ticks has n + 1.
  private let needed: Int
  private(set) var held = 0

  init(_ robot: RobotDescription, for kind: EpisodeOptions.Kind) {
    let settling = kind == .reset ? robot.episode.settling : nil
    self.init(
      settling?.atRest ?? robot.episode.success,
      ticks: robot.ticks(in: settling?.hold ?? robot.episode.hold))
  }

  private init(_ wanted: [EpisodeDescription.Condition], ticks: Int) {
    conditions = InlineArray(repeating: Condition())
    count = min(wanted.count, Capacity.states)
    for (i, condition) in wanted.prefix(count).enumerated() {
      conditions[i] = Condition(
        channel: condition.index, within: Float(condition.within), of: Float(condition.of),
        isAngle: condition.isAngle)
    }
    needed = ticks + 1
  }

  /// Takes in one observation; true once the task is done. Without conditions it never is.
  mutating func update(_ values: StateVector) -> Bool {
    var holds = count > 0
    for i in 0..<count {
      let condition = conditions[i]
      let difference = values[condition.channel] - condition.of
      let distance = condition.isAngle ? wrappedAngle(difference) : difference
      // Written so that a value that is not a number does not hold.
      if !(abs(distance) <= condition.within) { holds = false }
    }
    held = holds ? held + 1 : 0
    return held >= needed
  }
}
