public import ReplanCore

/// From the description of planning to the values that the core takes.
extension RobotDescription {
  public func plannerConfiguration() -> PlannerConfiguration {
    let horizon = ticks(in: planner.horizon)
    switch planner.method {
    case .ilqr(let settings): return .ilqr(settings.core(horizon: horizon))
    case .crossEntropy(let settings): return .crossEntropy(settings.core(horizon: horizon))
    case .pathIntegral(let settings): return .pathIntegral(settings.core(horizon: horizon))
    case .randomShooting(let settings): return .randomShooting(settings.core(horizon: horizon))
    case .polished(let sampling, let finish):
      return .polished(sampling.core(horizon: horizon), finish.core(horizon: horizon))
    case .lqr(let settings): return .lqr(settings.core(horizon: horizon))
    }
  }

  public func valueConfiguration() -> Value {
    switch value {
    case .expected: .expected
    case .pessimistic(let share): .pessimistic(Float(share))
    case .optimistic(let share): .optimistic(Float(share))
    }
  }

  public func propagationConfiguration() -> Propagation {
    let dynamics: Propagation.Dynamics =
      switch propagation.dynamics {
      case .mean: .mean
      case .member: .member
      case .resampled: .resampled
      }
    return Propagation(dynamics, hasNoise: propagation.noise, particles: propagation.particles)
  }
}

extension PlannerDescription.ILQR {
  func core(horizon: Int) -> ILQRConfiguration {
    ILQRConfiguration(
      horizon: horizon, iterations: iterations, candidates: candidates, noise: Float(noise),
      noiseExponent: Float(noiseExponent), regularisation: Float(regularisation),
      dynamics: dynamics.core, isRealTime: isRealTime)
  }
}

extension PlannerDescription.ILQR.Dynamics {
  var core: ILQRConfiguration.Dynamics {
    switch self {
    case .mean: .mean
    case .members: .members
    }
  }
}

extension PlannerDescription.Finish {
  func core(horizon: Int) -> ILQRConfiguration {
    ILQRConfiguration(
      horizon: horizon, iterations: iterations, candidates: 1,
      regularisation: Float(regularisation), dynamics: dynamics.core)
  }
}

extension PlannerDescription.LQR {
  func core(horizon: Int) -> LQRConfiguration {
    LQRConfiguration(
      horizon: horizon, iterations: iterations, regularisation: Float(regularisation))
  }
}

extension PlannerDescription.CrossEntropy {
  func core(horizon: Int) -> CrossEntropyConfiguration {
    CrossEntropyConfiguration(
      horizon: horizon, iterations: iterations, candidates: candidates, elites: elites,
      noise: Float(noise), noiseExponent: Float(noiseExponent), momentum: Float(momentum),
      scales: SIMD4(scales: scales), keptElites: Float(keptElites),
      shiftedElites: Float(shiftedElites), decay: Float(decay),
      result: execute == .best ? .best : .mean, knots: knots.core)
  }
}

extension PlannerDescription.PathIntegral {
  func core(horizon: Int) -> PathIntegralConfiguration {
    PathIntegralConfiguration(
      horizon: horizon, iterations: iterations, candidates: candidates, noise: Float(noise),
      noiseExponent: Float(noiseExponent), scales: SIMD4(scales: scales),
      temperature: temperature.core, controlCost: Float(controlCost),
      adaptation: Float(adaptation), leastNoise: Float(leastNoise), knots: knots.core)
  }
}

extension PlannerDescription.PathIntegral.Temperature {
  var core: PathIntegralConfiguration.Temperature {
    switch self {
    case .relative(let share): .relative(Float(share))
    case .absolute(let cost): .absolute(Float(cost))
    }
  }
}

extension PlannerDescription.RandomShooting {
  func core(horizon: Int) -> RandomShootingConfiguration {
    RandomShootingConfiguration(
      horizon: horizon, iterations: iterations, candidates: candidates, knots: knots.core)
  }
}

extension PlannerDescription.Knots {
  var core: Knots { Knots(every: every, between == .hold ? .hold : .linear) }
}

extension SIMD4 where Scalar == Float {
  /// - Precondition: at most four.
  fileprivate init(scales: [Double]) {
    self.init(repeating: 0)
    for (i, scale) in scales.enumerated() { self[i] = Float(scale) }
  }
}
