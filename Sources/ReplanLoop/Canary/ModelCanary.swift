import ReplanCore
public import ReplanRecord
public import ReplanRobot

/// Has a controller plan with a model from recorded states, with no plant at the other end.
public enum ModelCanary {
  /// More ticks would tell little new.
  static let mostTicks = 200

  /// - Parameters:
  ///   - trajectories: recorded states, in the order of time.
  ///   - seed: draws what the planner draws.
  /// - Precondition: the model fits the robot.
  public static func replay(
    _ stored: StoredModel, robot: RobotDescription, trajectories: [Trajectory], seed: UInt64 = 1
  ) -> CanaryReport {
    let block = ModelBlock(stored)
    let host = ControllerHost(
      robot.controllerConfiguration(
        seed: seed, model: block.configuration, memory: block.memoryTicks,
        latency: block.latency))
    host.adopt(block)
    let gate = robot.guarding.gate.map { Float($0) }
    host.keepToKnown(gate)
    var report = CanaryReport()
    let bound = host.gate(gate)
    if bound < .infinity { report.gate = bound }
    let limits = robot.limits()
    for trajectory in trajectories where report.ticks < mostTicks {
      host.controller.pointee.begin(episode: 1, mode: .plan)
      for k in 0..<min(trajectory.count, mostTicks - report.ticks) where trajectory.isPresent(k) {
        var values = StateVector(repeating: 0)
        for (i, value) in trajectory.state(k).enumerated() { values[i] = value }
        let decision = host.controller.pointee.tick(
          Observation(values: values, tick: k), tick: k
        ) { _ in true }
        report.add(decision, limits, actions: robot.action.count)
      }
    }
    return report
  }
}

extension CanaryReport {
  fileprivate mutating func add(_ decision: Decision, _ limits: ActionLimits, actions: Int) {
    ticks += 1
    verdicts[decision.verdict, default: 0] += 1
    let values = (0..<actions).map { decision.action[$0] }
    let isPlanned = decision.verdict == .planned || decision.verdict == .restrained
    if !values.allSatisfy(\.isFinite) || (isPlanned && !decision.planCost.isFinite) {
      notFinite += 1
    }
    // The limits are what actions are clamped to, so that equality is the rule at their ends.
    let isInside = values.indices.allSatisfy {
      values[$0] >= limits.low[$0] && values[$0] <= limits.high[$0]
    }
    if !isInside { outsideLimits += 1 }
    if decision.disagreement.isFinite {
      disagreement = max(disagreement ?? 0, decision.disagreement)
    }
  }
}
