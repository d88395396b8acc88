public import ReplanCore

extension PhysicsEquation {
  /// The equation in double precision.
  public var simulator: any EquationSimulator {
    switch self {
    case .pendulum: RungeKuttaSimulator(PendulumPhysics.self)
    case .cartPole: RungeKuttaSimulator(CartPolePhysics.self)
    case .furutaPendulum: RungeKuttaSimulator(FurutaPhysics.self)
    case .motor: RungeKuttaSimulator(MotorPhysics.self)
    case .twoLinkArm: RungeKuttaSimulator(TwoLinkArmPhysics.self)
    case .twoTanks: RungeKuttaSimulator(TwoTankPhysics.self)
    }
  }
}
