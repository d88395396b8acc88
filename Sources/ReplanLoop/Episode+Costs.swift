import ReplanCore
public import ReplanRecord
public import ReplanRobot

extension Episode {
  /// What the robot's objective charges at each observation, as the return of the episode sums it up;
  /// not a number where no tick saw the observation.
  ///
  /// An action that was decided and could not be sent is charged too, as it was then; files of
  /// format 1 do not tell it, so that the action before takes its place.
  public func costs(of robot: RobotDescription) -> [Float] {
    var costs = [Float](repeating: .nan, count: observations.count)
    guard robot.observation.count == header.observationChannels.count,
      robot.action.count == header.actionChannels.count
    else { return costs }
    let configuration = robot.controllerConfiguration(seed: header.seed)
    let isImmediate = configuration.timing == .immediate
    // Of samples that were read together the last is the tick's.
    let newest = Dictionary(observations.indices.map { (observations[$0].logTime, $0) }) {
      _, last in last
    }
    let sent = Dictionary(actions.map { ($0.logTime, $0.values) }) { first, _ in first }
    let decided = Dictionary(decisions.map { ($0.tick, $0.values) }) { first, _ in first }
    var previous = configuration.limits.safe
    for tick in ticks {
      var action = previous
      let values = sent[tick.logTime] ?? decided[isImmediate ? tick.tick : tick.tick &- 1]
      for (channel, value) in (values ?? []).enumerated() { action[channel] = value }
      if let index = newest[tick.logTime] {
        var state = StateVector(repeating: 0)
        for (channel, value) in observations[index].values.enumerated() { state[channel] = value }
        costs[index] = configuration.objective.cost(
          state: state, action: action, previous: previous, measured: observations[index].cost)
      }
      previous = action
    }
    return costs
  }

  /// Minus the summed cost; not a number if no observation has one.
  public func summedReturn(of robot: RobotDescription) -> Double {
    let costs = costs(of: robot).filter { !$0.isNaN }
    return costs.isEmpty ? .nan : costs.reduce(0.0) { $0 - Double($1) }
  }
}
