/// The parameters of the built-in equations, in the order in which they are stored. A sign tells
/// where an angle is counted from: with 0 hanging, gravity and coupling are negative.
extension PendulumEquation {
  static func parameter(_ index: Int) -> EquationParameter {
    switch index {
    case 0: return EquationParameter("gravity", "1/s²", start: 20, -10_000, 10_000)
    case 1: return EquationParameter("gain", "1/(kg·m²)", start: 1, -10_000, 10_000)
    default:
      return FrictionParameters(
        viscous: ("viscous", "1/s"), coulomb: ("coulomb", "rad/s²"),
        transition: ("transition", "rad/s", 0.05))[index - 2]
    }
  }
}

extension CartPoleEquation {
  static func parameter(_ index: Int) -> EquationParameter {
    switch index {
    case 0: return EquationParameter("coupling", "m", start: 0.05, 0, 100)
    case 1: return EquationParameter("gain", "1/kg", start: 1, -10_000, 10_000)
    case 2: return EquationParameter("inertia", "m", start: 0.3, 0.001, 100)
    case 3, 4, 5:
      return FrictionParameters(
        viscous: ("cart_viscous", "1/s"), coulomb: ("cart_coulomb", "m/s²"),
        transition: ("cart_transition", "m/s", 0.01))[index - 3]
    default:
      return FrictionParameters(
        viscous: ("pivot_viscous", "m/s"), coulomb: ("pivot_coulomb", "m/s²"),
        transition: ("pivot_transition", "rad/s", 0.05))[index - 6]
    }
  }
}

extension FurutaEquation {
  static func parameter(_ index: Int) -> EquationParameter {
    switch index {
    case 0: return EquationParameter("ratio", "1", start: 0.3, 0.000_1, 100)
    case 1: return EquationParameter("coupling", "1", start: 0.3, -100, 100)
    case 2: return EquationParameter("gain", "1/(kg·m²)", start: 100, -1e6, 1e6)
    case 3: return EquationParameter("gravity", "1/s²", start: 70, -10_000, 10_000)
    case 4, 5, 6:
      return FrictionParameters(
        viscous: ("arm_viscous", "1/s"), coulomb: ("arm_coulomb", "rad/s²"),
        transition: ("arm_transition", "rad/s", 0.05))[index - 4]
    default:
      return FrictionParameters(
        viscous: ("pivot_viscous", "1/s"), coulomb: ("pivot_coulomb", "rad/s²"),
        transition: ("pivot_transition", "rad/s", 0.05))[index - 7]
    }
  }
}

extension MotorEquation {
  static func parameter(_ index: Int) -> EquationParameter {
    switch index {
    case 0: return EquationParameter("gain", "rad/(s²·V)", start: 10, -1e6, 1e6)
    case 1: return EquationParameter("viscous", "1/s", start: 1, 0, 1000)
    case 2: return EquationParameter("coulomb", "rad/s²", start: 1, 0, 10_000)
    case 3: return EquationParameter("stribeck", "rad/s²", start: 0.5, 0, 10_000)
    case 4: return EquationParameter("stribeck_velocity", "rad/s", start: 1, 0.01, 1000)
    default:
      return EquationParameter("transition", "rad/s", start: 0.05, 1e-4, 10, isFixed: true)
    }
  }
}

extension TwoLinkArmEquation {
  static func parameter(_ index: Int) -> EquationParameter {
    switch index {
    case 0: return EquationParameter("whole", "kg·m²", start: 0.5, 1e-6, 10_000)
    case 1: return EquationParameter("outer", "kg·m²", start: 0.1, 1e-6, 10_000)
    case 2: return EquationParameter("coupling", "kg·m²", start: 0.1, -10_000, 10_000)
    case 3: return EquationParameter("inner_gravity", "N·m", start: 5, -10_000, 10_000)
    case 4: return EquationParameter("outer_gravity", "N·m", start: 1, -10_000, 10_000)
    case 5, 6, 7:
      return FrictionParameters(
        viscous: ("shoulder_viscous", "N·m·s/rad"), coulomb: ("shoulder_coulomb", "N·m"),
        transition: ("shoulder_transition", "rad/s", 0.05))[index - 5]
    default:
      return FrictionParameters(
        viscous: ("elbow_viscous", "N·m·s/rad"), coulomb: ("elbow_coulomb", "N·m"),
        transition: ("elbow_transition", "rad/s", 0.05))[index - 8]
    }
  }
}

extension TwoTankEquation {
  static func parameter(_ index: Int) -> EquationParameter {
    switch index {
    case 0: return EquationParameter("gain", "m/(s·V)", start: 0.05, 0, 1000)
    case 1: return EquationParameter("offset", "m/s", start: 0, -100, 100)
    case 2: return EquationParameter("upper_outflow", "√m/s", start: 0.05, 0, 1000)
    case 3: return EquationParameter("upper_loss", "1/s", start: 0, -1, 1000)
    case 4: return EquationParameter("lower_outflow", "√m/s", start: 0.05, 0, 1000)
    case 5: return EquationParameter("lower_loss", "1/s", start: 0, -1, 1000)
    case 6: return EquationParameter("upper_height", "m", start: 10, 0.01, 1000)
    case 7: return EquationParameter("lower_height", "m", start: 10, 0.01, 1000)
    case 8: return EquationParameter("spill", "1", start: 0.5, 0, 1)
    case 9: return EquationParameter("ratio", "1", start: 1, 0.01, 100, isFixed: true)
    case 10: return EquationParameter("weir", "1/s", start: 0.5, 0.01, 100, isFixed: true)
    default: return EquationParameter("transition", "m", start: 0.05, 1e-4, 10, isFixed: true)
    }
  }
}
