import ReplanCore
import ReplanRealtime

/// One combination of planner, model and value for the probe; small, as there are many.
struct ProbeSetup {
  let name: String
  let planner: PlannerConfiguration
  let model: ModelConfiguration
  let value: Value
  let propagation: Propagation
  /// How two threads that share the rollouts wait; nil for one thread.
  var sharedBy: WorkerThreads.Wait?

  /// Every planner with every model and every value, and the sampling planners with an ensemble
  /// shared by two threads.
  static var all: [ProbeSetup] {
    let alone = alone
    let sampling = ["icem", "mppi", "shooting", "polished"].map { "\($0)/ensemble/expected" }
    let shared = alone.filter { sampling.contains($0.name) }.enumerated().map { index, setup in
      ProbeSetup(
        name: setup.name + "/shared", planner: setup.planner, model: setup.model,
        value: setup.value, propagation: setup.propagation,
        sharedBy: index % 2 == 0 ? .futex : .spin)
    }
    return alone + shared
  }

  private static var alone: [ProbeSetup] {
    planners.flatMap { planner in
      models.flatMap { model in
        values.map { value in
          ProbeSetup(
            name: "\(planner.name)/\(model.name)/\(value.name)", planner: planner.planner,
            model: model.model, value: value.value, propagation: value.propagation)
        }
      }
    }
  }

  /// Each value with another way to carry uncertainty.
  private static var values: [(name: String, value: Value, propagation: Propagation)] {
    [
      ("expected", .expected, Propagation()),
      ("pessimistic", .pessimistic(0.95), Propagation(.member, hasNoise: true, particles: 4)),
      ("optimistic", .optimistic(0.7), Propagation(.resampled, hasNoise: true, particles: 3)),
    ]
  }

  private static var models: [(name: String, model: ModelConfiguration)] {
    let physics = PhysicsConfiguration(equation: .cartPole)
    return [
      ("ensemble", .ensemble(shape)), ("linear", .linear), ("physics", .physics(physics)),
      ("hybrid", .hybrid(physics, shape)),
    ]
  }

  /// - Shapes: two members of 6-8-4.
  private static var shape: EnsembleShape {
    let structure = ControllerTicks.structure
    var hidden = InlineArray<4, Int>(repeating: 0)
    hidden[0] = 8
    return EnsembleShape(
      inputCount: structure.inputCount, outputCount: structure.outputCount, hiddenLayerCount: 1,
      hidden: hidden, memberCount: 2, activation: .silu, noise: .predicted)
  }

  private static var planners: [(name: String, planner: PlannerConfiguration)] {
    let horizon = 8
    let candidates = 20
    let members = ILQRConfiguration(
      horizon: horizon, candidates: candidates, dynamics: .members)
    let mppi = PathIntegralConfiguration(
      horizon: horizon, candidates: candidates, controlCost: 0.1, adaptation: 0.1,
      knots: Knots(every: 3, .linear))
    return [
      ("ilqr", .ilqr(ILQRConfiguration(horizon: horizon, candidates: candidates))),
      ("ilqr-members", .ilqr(members)),
      ("ilqr-real-time", .ilqr(ILQRConfiguration(horizon: horizon, isRealTime: true))),
      ("lqr", .lqr(LQRConfiguration(iterations: 50))),
      (
        "cem",
        .crossEntropy(
          CrossEntropyConfiguration(horizon: horizon, candidates: candidates, elites: 6))
      ),
      ("icem", .crossEntropy(.improved(horizon: horizon, candidates: candidates))),
      (
        "plain-cem",
        .crossEntropy(.plain(horizon: horizon, candidates: candidates, elites: 6))
      ),
      ("mppi", .pathIntegral(mppi)),
      (
        "shooting",
        .randomShooting(RandomShootingConfiguration(horizon: horizon, candidates: candidates))
      ),
      (
        "polished",
        .polished(
          .improved(horizon: horizon, candidates: candidates), ILQRConfiguration(horizon: horizon))
      ),
    ]
  }
}
