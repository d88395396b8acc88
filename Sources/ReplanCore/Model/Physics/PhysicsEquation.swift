/// The equations of motion that the core knows.
public enum PhysicsEquation: UInt8, Sendable, BitwiseCopyable {
  case pendulum, cartPole, furutaPendulum, motor, twoLinkArm, twoTanks

  /// How many there are; their raw values count from 0.
  public static var count: Int { 6 }

  /// As robot and model files name it.
  public var name: StaticString {
    switch self {
    case .pendulum: "pendulum"
    case .cartPole: "cart_pole"
    case .furutaPendulum: "furuta"
    case .motor: "motor"
    case .twoLinkArm: "two_link_arm"
    case .twoTanks: "two_tanks"
    }
  }

  public var stateCount: Int {
    switch self {
    case .pendulum: PendulumEquation.stateCount
    case .cartPole: CartPoleEquation.stateCount
    case .furutaPendulum: FurutaEquation.stateCount
    case .motor: MotorEquation.stateCount
    case .twoLinkArm: TwoLinkArmEquation.stateCount
    case .twoTanks: TwoTankEquation.stateCount
    }
  }

  public var actionCount: Int {
    switch self {
    case .pendulum: PendulumEquation.actionCount
    case .cartPole: CartPoleEquation.actionCount
    case .furutaPendulum: FurutaEquation.actionCount
    case .motor: MotorEquation.actionCount
    case .twoLinkArm: TwoLinkArmEquation.actionCount
    case .twoTanks: TwoTankEquation.actionCount
    }
  }

  /// Numbers that the equation takes, as its `store(into:)` writes them.
  public var parameterCount: Int {
    switch self {
    case .pendulum: PendulumEquation.parameterCount
    case .cartPole: CartPoleEquation.parameterCount
    case .furutaPendulum: FurutaEquation.parameterCount
    case .motor: MotorEquation.parameterCount
    case .twoLinkArm: TwoLinkArmEquation.parameterCount
    case .twoTanks: TwoTankEquation.parameterCount
    }
  }

  /// What the number at `index` of the parameters means. Not for the tick.
  public func parameter(_ index: Int) -> EquationParameter {
    switch self {
    case .pendulum: PendulumEquation.parameter(index)
    case .cartPole: CartPoleEquation.parameter(index)
    case .furutaPendulum: FurutaEquation.parameter(index)
    case .motor: MotorEquation.parameter(index)
    case .twoLinkArm: TwoLinkArmEquation.parameter(index)
    case .twoTanks: TwoTankEquation.parameter(index)
    }
  }
}
