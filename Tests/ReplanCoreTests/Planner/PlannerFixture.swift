import ReplanNumerics

@testable import ReplanCore

/// One planner on random networks, with the reference to value its plans.
final class PlannerFixture {
  let configuration: ControllerConfiguration
  let ensemble: Ensemble
  let planner: Planner
  let objective: CostTable
  let limits: LimitTable
  let parameters: RandomParameters
  let reference: EnsembleReference
  private let block: Block

  convenience init(
    _ settings: PlannerConfiguration, slew: Float = .infinity, actionRate: Float = 0,
    value: Value = .expected, propagation: Propagation = Propagation(), noise: NoiseHead = .constant
  ) {
    var configuration = ControllerFixture.configuration(
      settings, slew: slew, actionRate: actionRate)
    configuration.value = value
    configuration.propagation = propagation
    configuration.shape.noise = noise
    self.init(configuration, RandomParameters(configuration.shape, seed: 21))
  }

  init(_ configuration: ControllerConfiguration, _ parameters: RandomParameters) {
    self.configuration = configuration
    self.parameters = parameters
    reference = EnsembleReference(structure: configuration.structure, parameters: parameters)
    var measure = Arena.measuring()
    _ = Ensemble(structure: configuration.structure, shape: configuration.shape, arena: &measure)
    _ = Planner(configuration, arena: &measure)
    _ = CostTable(configuration.objective, arena: &measure)
    _ = LimitTable(actionCount: 1, arena: &measure)
    block = Block(bytes: measure.used)
    var arena = Arena(base: block.pointer, capacity: block.bytes)
    var ensemble = Ensemble(
      structure: configuration.structure, shape: configuration.shape, arena: &arena)
    ensemble.prepare(structure: configuration.structure, shape: configuration.shape)
    ensemble.adopt(parameters.block.floats)
    self.ensemble = ensemble
    planner = Planner(configuration, arena: &arena)
    planner.prepare(configuration)
    objective = CostTable(configuration.objective, arena: &arena)
    objective.prepare(configuration.objective)
    limits = LimitTable(actionCount: 1, arena: &arena)
    limits.prepare(configuration.limits)
    adopt()
    planner.reset(configuration.limits.safe)
  }

  /// Tells the planner of the parameters, new or changed.
  func adopt() { planner.adopt(.ensemble(ensemble), objective, limits) }

  func improve(
    _ state: [Float], units: Int = .max, tick: Int = 0, seed: UInt64 = 1, previous: Float = 0
  ) -> PlanOutcome {
    var outcome: PlanOutcome?
    withProblem(state, tick: tick, seed: seed, previous: previous) {
      outcome = planner.improve($0) { $0 < units }
    }
    return outcome!
  }

  func withProblem(
    _ state: [Float], tick: Int = 0, seed: UInt64 = 1, previous: Float = 0,
    _ body: (borrowing PlanningProblem) -> Void
  ) {
    let previous: [Float] = [previous]
    state.withUnsafeBufferPointer { state in
      previous.withUnsafeBufferPointer { previous in
        body(
          PlanningProblem(
            model: .ensemble(ensemble), objective: objective, limits: limits,
            state: state.baseAddress!, previous: previous.baseAddress!,
            key: RandomKey(seed: seed, episode: 1, tick: tick)))
      }
    }
  }

  var actions: [Float] { (0..<planner.plan.horizon).map { planner.plan.actions[$0] } }

  /// The objective of a plan, computed plainly; member nil is the mean dynamics.
  func cost(_ actions: [Float], from state: [Float], member: Int?) -> Double {
    var s = state.map(Double.init)
    var total = 0.0
    var previous: Float = 0
    let learned = Double(configuration.objective.learnedCost)
    for (t, action) in actions.enumerated() {
      let measured =
        learned > 0 ? learned * reference.cost(member: member, s, [Double(action)]) : 0
      s = reference.next(member: member, s, [Double(action)])
      var now = StateVector(repeating: 0)
      for i in 0..<4 { now[i] = Float(s[i]) }
      let act = ActionVector { $0 == 0 ? action : 0 }
      let before = ActionVector { $0 == 0 ? previous : 0 }
      let all = Double(configuration.objective.cost(state: now, action: act, previous: before))
      let still = StateVector(repeating: 0)
      let actionPart =
        Double(configuration.objective.cost(state: still, action: act, previous: before))
        - Double(
          configuration.objective.cost(
            state: still, action: ActionVector(repeating: 0),
            previous: ActionVector(repeating: 0)))
      let factor = t == actions.count - 1 ? Double(configuration.objective.terminal) : 1
      total += (all - actionPart + measured) * factor + actionPart
      previous = action
    }
    return total
  }
}
