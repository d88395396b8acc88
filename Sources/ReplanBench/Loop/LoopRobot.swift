public import ReplanCore
public import ReplanLoop
import ReplanRecord
public import ReplanRobot

/// The robot that the loop is measured with: a pendulum at 1 kHz under the linear regulator.
///
/// Model and planner take next to nothing, so that what is seen is the loop. The simulated plant hangs
/// and the regulator is one for upright: the torque stays at its limits, and the work is the same.
public enum LoopRobot {
  /// Hz.
  public static let rate = 1000.0

  /// - Parameter output: when an action is sent.
  public static func description(
    output: OutputTiming = .nextTick
  ) throws(RobotError) -> RobotDescription {
    try RobotDescription.parse(
      text: text(output == .nextTick ? "next-tick" : "immediate"),
      file: "the built-in robot of the loop's bench")
  }

  /// A controller for it that plans with the linear model.
  public static func host(_ robot: RobotDescription, seed: UInt64 = 1) -> ControllerHost {
    let host = ControllerHost(robot.controllerConfiguration(seed: seed, model: .linear))
    host.adopt(ModelBlock(.linear(model(robot))))
    return host
  }

  /// The pendulum of 1 kg and 0.5 m linearised upright, over one tick:
  /// θ' = θ + h ω, ω' = ω + h (g/l θ + τ/(m l²)).
  static func model(_ robot: RobotDescription) -> LinearFit {
    let tick = robot.period
    return LinearFit(
      structure: robot.structure(),
      channels: robot.observation.map(\.name) + robot.action.map(\.name),
      byState: [1, tick, 9.81 / 0.5 * tick, 1], byAction: [0, tick / (1 * 0.5 * 0.5)])
  }

  private static func text(_ output: String) -> String {
    """
    name: loop_bench
    rate: 1000
    observation:
      - {name: pendulum_angle, unit: rad, kind: angle}
      - {name: pendulum_velocity, unit: rad/s}
    action:
      - {name: torque, unit: N·m, min: -2, max: 2, safe: 0}
    structure:
      second_order: {pendulum_angle: pendulum_velocity}
    objective:
      terms:
        - {angle: pendulum_angle, target: 0, weight: 1}
        - {quadratic: pendulum_velocity, weight: 0.01}
        - {action: torque, weight: 0.01, scale: 2}
    planner: {kind: lqr}
    link: {simulator: pendulum, baud: 4000000, output: \(output), timeout: 2}

    """
  }
}
