import ReplanCore
import ReplanLoop
public import ReplanRecord
public import ReplanRobot

/// The episodes that models are judged on, in order.
///
/// Those that are held out from training; while there are none, the newest one, which the model in use
/// has not seen and its successor has.
public struct JudgedEpisodes: Sendable {
  /// Ascending.
  public let numbers: [Int]
  public let trajectories: [Trajectory]
  /// False if a new model was trained on them.
  public let isHeldOut: Bool

  /// More would cost time and tell little new.
  static let most = 10

  /// Reads them from a workspace; files that cannot be read are passed over.
  public init(of workspace: Workspace, robot: RobotDescription) throws(RecordError) {
    let items = try workspace.episodes()
    let heldOut = items.filter { robot.promotion.holdsOut(episode: $0.index) }.suffix(Self.most)
    if let judged = Self.read(heldOut, robot) {
      (numbers, trajectories, isHeldOut) = (judged.numbers, judged.trajectories, true)
      return
    }
    for item in items.reversed() {
      guard let judged = Self.read([item], robot) else { continue }
      (numbers, trajectories, isHeldOut) = (judged.numbers, judged.trajectories, false)
      return
    }
    (numbers, trajectories, isHeldOut) = ([], [], false)
  }

  private static func read(
    _ items: some Sequence<Workspace.Item>, _ robot: RobotDescription
  ) -> (numbers: [Int], trajectories: [Trajectory])? {
    let limits = robot.limits()
    let safe = robot.action.indices.map { limits.safe[$0] }
    var numbers: [Int] = []
    var trajectories: [Trajectory] = []
    for item in items {
      // How a plant comes to rest says nothing of the task.
      guard let episode = try? EpisodeReader.read(item.path),
        episode.header.kind != EpisodeOptions.Kind.reset.rawValue,
        episode.header.observationChannels == robot.observation.map(\.name),
        episode.header.actionChannels == robot.action.map(\.name),
        abs(episode.header.tick - robot.period) <= 1e-9
      else { continue }
      let found = episode.trajectories(latency: robot.latency, safeAction: safe)
        .filter { $0.count > 0 }
      guard !found.isEmpty else { continue }
      numbers.append(item.index)
      trajectories += found
    }
    return numbers.isEmpty ? nil : (numbers, trajectories)
  }
}
