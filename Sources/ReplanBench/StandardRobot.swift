public import ReplanRobot

extension RobotDescription {
  /// The robot that is measured where none is named: a cart-pole at 50 Hz, planned by iLQR over one
  /// second through three members of two layers of 32.
  public static func standard() throws(RobotError) -> RobotDescription {
    try parse(text: standardText, file: "the built-in cart-pole")
  }

  private static let standardText = """
    name: cart_pole
    rate: 50
    observation:
      - {name: cart_position, unit: m, range: [-2.6, 2.6]}
      - {name: cart_velocity, unit: m/s, range: [-20, 20]}
      - {name: pole_angle, unit: rad, kind: angle}
      - {name: pole_velocity, unit: rad/s, range: [-60, 60]}
    action:
      - {name: force, unit: N, min: -10, max: 10, safe: 0}
    structure:
      symmetry: [cart_position, cart_velocity, pole_angle, pole_velocity, force]
      invariant: [cart_position]
      second_order: {cart_position: cart_velocity, pole_angle: pole_velocity}
    objective:
      terms:
        - {angle: pole_angle, target: 0, weight: 1}
        - {quadratic: cart_position, weight: 0.2}
        - {quadratic: cart_velocity, weight: 0.01}
        - {quadratic: pole_velocity, weight: 0.01}
        - {action: force, weight: 0.01, scale: 10}
        - {range: cart_position, low: -1.7, high: 1.7, weight: 20}
      terminal: 2
    planner: {kind: ilqr, horizon: 1, iterations: 2, candidates: 32}
    model: {members: 3, hidden: [32, 32], activation: silu}
    envelope: {cart_position: [-2.4, 2.4]}
    link: {baud: 921600}

    """
}
