import ReplanCore

/// A controller in a closed loop in which everything goes wrong that a tick can meet: how two builds
/// are held to the same bits beyond plans.
enum Trial: String, CaseIterable {
  case ilqr, members = "ilqr-members", realTime = "ilqr-real-time", physics = "ilqr-physics"
  case cem, noisy = "cem-noise", mppi, shooting, polished = "cem-ilqr", lqr

  /// The work whose model and objective it has.
  var work: Work {
    switch self {
    case .physics: .ilqrPhysics20
    case .lqr: .lqr
    default: .cem2x64
    }
  }

  private var planner: PlannerConfiguration {
    let horizon = 12
    switch self {
    case .ilqr: return .ilqr(ILQRConfiguration(horizon: horizon, candidates: 16))
    case .members:
      return .ilqr(ILQRConfiguration(horizon: horizon, candidates: 16, dynamics: .members))
    case .realTime: return .ilqr(ILQRConfiguration(horizon: horizon, isRealTime: true))
    case .physics: return .ilqr(ILQRConfiguration(horizon: horizon, candidates: 16))
    case .cem, .noisy: return .crossEntropy(.improved(horizon: horizon, candidates: 40))
    case .mppi:
      return .pathIntegral(
        PathIntegralConfiguration(
          horizon: horizon, iterations: 2, candidates: 48, controlCost: 0.1, adaptation: 0.2,
          knots: Knots(every: 3, .linear)))
    case .shooting:
      return .randomShooting(
        RandomShootingConfiguration(horizon: horizon, iterations: 2, candidates: 40))
    case .polished:
      return .polished(
        .improved(horizon: horizon, candidates: 40), ILQRConfiguration(horizon: horizon))
    case .lqr: return .lqr(LQRConfiguration())
    }
  }

  /// What is different from the work's own configuration.
  func change(_ configuration: inout ControllerConfiguration) {
    configuration.planner = planner
    configuration.plantLatency = 1
    configuration.limits.slewPerTick[0] = 0.5 * configuration.limits.high[0]
    configuration.guarding.envelopeLow[0] = -1.5
    configuration.guarding.envelopeHigh[0] = 1.5
    configuration.guarding.envelopeTicks = 6
    configuration.guarding.stepPerTick[0] = 1
    configuration.guarding.fallback = .lqr
    configuration.guarding.knownTicks = 2
    if self == .noisy {
      configuration.value = .pessimistic(0.95)
      configuration.propagation = Propagation(.resampled, hasNoise: true, particles: 5)
    } else if self == .mppi {
      configuration.value = .optimistic(0.7)
      configuration.propagation = Propagation(.member, particles: 5)
    }
  }
}
