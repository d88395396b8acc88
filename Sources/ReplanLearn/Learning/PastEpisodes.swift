import ReplanCore
import ReplanLoop
public import ReplanRecord
public import ReplanRobot

/// What a workspace's episodes hold already.
public struct PastEpisodes {
  /// Their transitions, as far as the robot file's `dataset` keeps them.
  public let dataset: Dataset
  /// Armed time, s.
  public let seconds: Double
  public let count: Int
  /// The plants that they were recorded with, as `EpisodeHeader.plant` says.
  public let plants: Set<String>
  /// Files that cannot be read or used, each with the reason; they are left out.
  public let unreadable: [RecordError]

  public init(
    of workspace: Workspace, robot: RobotDescription, seed: UInt64 = 1
  ) throws(RecordError) {
    try self.init(
      paths: workspace.episodes().map(\.path), robot: robot, seed: seed, isHoldingOut: true)
  }

  /// - Parameters:
  ///   - seed: draws what goes beyond the dataset's budget.
  ///   - isHoldingOut: leaves the transitions out of those episodes that the robot file keeps from
  ///     training; their armed time counts.
  public init(
    paths: [String], robot: RobotDescription, seed: UInt64 = 1, isHoldingOut: Bool = false
  ) throws(RecordError) {
    let limits = robot.limits()
    let safe = robot.action.indices.map { limits.safe[$0] }
    var dataset = Dataset(
      stateCount: robot.observation.count, actionCount: robot.action.count,
      policy: robot.dataset, seed: seed)
    var samples = 0
    var unreadable: [RecordError] = []
    var plants: Set<String> = []
    for path in paths {
      do throws(RecordError) {
        let episode = try EpisodeReader.read(path)
        guard
          episode.header.observationChannels == robot.observation.map(\.name),
          episode.header.actionChannels == robot.action.map(\.name)
        else {
          throw .refused(
            path: path, reason: "its channels are not those of robot \(robot.name)")
        }
        guard abs(episode.header.tick - robot.period) <= 1e-9 else {
          throw .refused(
            path: path,
            reason:
              "its tick is \(episode.header.tick) s, robot \(robot.name) has \(robot.period) s")
        }
        let transitions = episode.transitions(latency: robot.latency, safeAction: safe)
        if robot.learnsCost && transitions.count > 0 && transitions.withCosts.count == 0 {
          throw .noCost(path: path)
        }
        plants.insert(episode.header.plant)
        if !(isHoldingOut && robot.promotion.holdsOut(episode: episode.header.index)) {
          dataset.append(
            transitions, episode: episode.header.index,
            isBase: episode.header.kind == EpisodeOptions.Kind.base.rawValue)
        }
        // What others recorded is no interaction with this plant.
        if episode.header.kind != EpisodeHeader.imported,
          let first = episode.observations.first, let last = episode.observations.last
        {
          samples += Int(last.sequence &- first.sequence) + 1
        }
      } catch {
        unreadable.append(error)
      }
    }
    self.dataset = dataset
    seconds = Double(samples) / robot.rate
    count = paths.count
    self.unreadable = unreadable
    self.plants = plants
  }

  /// Refuses to learn one plant from the transitions of another.
  func checkMixes(with plant: String, in workspace: Workspace) throws(RecordError) {
    guard !plant.isEmpty, let other = plants.first(where: { !$0.isEmpty && $0 != plant }) else {
      return
    }
    throw .refused(
      path: workspace.path,
      reason: "it holds episodes of another plant (\(other)), this one is \(plant); "
        + "use --fresh, or another --workspace")
  }
}
