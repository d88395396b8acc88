import ReplanCore
import ReplanLoop
import ReplanRecord
import ReplanRobot

/// What plans promised, and what came of the ticks that they were about.
///
/// A plan that is chosen because it looks good is likely to look better than it is: it finds the places
/// where the model errs in its favour. The gap between the cost that it promised and the cost that was
/// obtained shows how far the planner has exploited the model. Where plans are executed as a whole
/// (`learning.loop` once or aggregate) both are about the same actions; where each is replaced a tick
/// later, what was obtained is what became of all that followed it.
///
/// - Source: model exploitation: Levine, CS 285, lecture 11; Chua et al. 2018, arXiv 1805.12114.
struct PlanPromise: Encodable {
  /// Plans whose whole horizon was lived through.
  var plans: Int
  /// Medians over them, of the cost over the horizon as the objective sums it up.
  var promised: Float
  var obtained: Float

  /// - Parameter obtained: as `obtained(of:robot:)` gives it.
  init?(of episode: Episode, obtained: [Float]) {
    let pairs = zip(episode.ticks, obtained).filter { $0.planCost.isFinite && $1.isFinite }
    guard !pairs.isEmpty else { return nil }
    plans = pairs.count
    promised = Self.median(pairs.map(\.0.planCost))
    self.obtained = Self.median(pairs.map(\.1))
  }

  private static func median(_ values: [Float]) -> Float {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle])
  }

  /// For each tick the cost over the horizon of a plan made at it: from the state that its first action
  /// leads to, the last state counted as often as the objective says. Not a number where the episode
  /// ended sooner, a sample is missing, or nothing was planned.
  static func obtained(of episode: Episode, robot: RobotDescription) -> [Float] {
    let configuration = robot.controllerConfiguration(seed: episode.header.seed)
    let horizon = configuration.planner.horizon
    let delay = configuration.plantLatency + (configuration.timing == .nextTick ? 1 : 0)
    let charges = episode.costs(of: robot)
    let newest = Dictionary(
      episode.observations.indices.map { (episode.observations[$0].logTime, charges[$0]) }
    ) { _, last in last }
    let numbers = episode.ticks.map { Int($0.tick) }
    // Ticks may be missing, but a file whose numbers leap tells of no horizon.
    guard let first = numbers.min(), let last = numbers.max(),
      last - first < 4 * numbers.count + 1000
    else { return numbers.map { _ in .nan } }
    var costs = [Float](repeating: .nan, count: last - first + 1)
    for (tick, number) in zip(episode.ticks, numbers) {
      costs[number - first] = newest[tick.logTime] ?? .nan
    }
    // Sums and missing ones up to each tick, so that a long horizon costs no more than a short one.
    var sums = [0.0]
    var missing = [0]
    for cost in costs {
      sums.append(sums.last! + (cost.isFinite ? Double(cost) : 0))
      missing.append(missing.last! + (cost.isFinite ? 0 : 1))
    }
    return zip(episode.ticks, numbers).map { tick, number in
      let start = number - first + delay + 1
      let end = start + horizon
      guard tick.planCost.isFinite, end <= costs.count, missing[end] == missing[start] else {
        return .nan
      }
      let again = Double(configuration.objective.terminal - 1) * Double(costs[end - 1])
      return Float(sums[end] - sums[start] + again)
    }
  }
}
