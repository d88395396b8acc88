/// Settings of several sections that mean nothing together, although each is right by itself.
///
/// What has a fault of its own takes no part: then nothing is known about the combination.
struct Combinations {
  private let planner: PlannerDescription.Kind?
  private let value: Located<ValueDescription>?
  private let propagation: Located<Fields>?
  private let members: Int?
  private let hasPropagation: Bool
  private let objective: Fields?
  private let guarding: Fields?
  private let plannerFields: Fields?
  private let exploration: Fields?

  init(_ fields: Fields) {
    plannerFields = fields[RobotKeys.planner]
    planner = plannerFields?[PlannerKeys.kind]
    value = fields.isSound(RobotKeys.value) ? fields.located(RobotKeys.value) : nil
    propagation = fields.located(RobotKeys.propagation)
    hasPropagation = fields.has(RobotKeys.propagation)
    members = fields[RobotKeys.model]?[ModelKeys.members]
    objective = fields[RobotKeys.objective]
    guarding = fields[RobotKeys.guarding]
    exploration = fields[RobotKeys.exploration]
  }

  func check(_ diagnostics: inout Diagnostics) {
    if let planner {
      if planner.isSampling {
        checkParticles(&diagnostics)
      } else {
        checkUncertainty(planner, &diagnostics)
      }
    }
    checkRegulator(&diagnostics)
    checkOptimism(&diagnostics)
  }

  /// Optimism is about particles that differ.
  private func checkOptimism(_ diagnostics: inout Diagnostics) {
    guard let place = exploration?.located(ExplorationKeys.optimisticEpisodes), place.value > 0,
      let planner, let members
    else { return }
    let count = propagation.flatMap { PropagationDescription($0.value) }?.count(members: members)
    guard !planner.isSampling || count == 1 else { return }
    let kinds = PlannerDescription.Kind.allCases.filter(\.isSampling).map(\.rawValue)
    diagnostics.add(
      place,
      found: planner.isSampling
        ? "\(place.value) with a single particle"
        : "\(place.value) with planner.kind \(planner.rawValue)",
      allowed: planner.isSampling
        ? "0, or particles that differ: model.members of 2 or more"
        : "0, or planner.kind " + kinds.joined(separator: ", "))
  }

  /// Planners without particles would pass over the value and the propagation.
  private func checkUncertainty(
    _ planner: PlannerDescription.Kind, _ diagnostics: inout Diagnostics
  ) {
    let kinds = PlannerDescription.Kind.allCases.filter(\.isSampling).map(\.rawValue)
    let others = "planner.kind " + kinds.joined(separator: ", ")
    let instead =
      planner == .ilqr ? "planner.dynamics: members for the mean over members, or " : ""
    if let value, value.value != .expected {
      diagnostics.add(
        value, found: "\(value.value.name) with planner.kind \(planner.rawValue)",
        allowed: "expected; \(instead)\(others)")
    }
    if let propagation, hasPropagation {
      diagnostics.add(
        propagation, found: "a section with planner.kind \(planner.rawValue)",
        allowed: "no section; \(instead)\(others)")
    }
  }

  private func checkParticles(_ diagnostics: inout Diagnostics) {
    guard let propagation, let members,
      let description = PropagationDescription(propagation.value)
    else { return }
    let isCertain = description.isCertain(members: members)
    if isCertain, description.particles > 1,
      let place = propagation.value.located(PropagationKeys.particles)
    {
      let reason = description.dynamics == .mean ? "dynamics: mean" : "model.members: 1"
      diagnostics.add(
        place, found: "\(description.particles), all alike by \(reason) without noise",
        allowed: "0 or 1, or noise: true")
    }
    guard let value, value.value != .expected, description.count(members: members) == 1 else {
      return
    }
    let allowed =
      isCertain
      ? "expected, or particles that differ: "
        + (description.dynamics == .mean && members > 1
          ? "propagation.dynamics: member" : "propagation.noise: true")
      : "expected, or more particles: propagation.particles: 2...64"
    diagnostics.add(
      value, found: "\(value.value.name) of a single particle", allowed: allowed)
  }

  /// The linear-quadratic regulator takes its target and its weights from the terms.
  private func checkRegulator(_ diagnostics: inout Diagnostics) {
    guard let objective, objective.isSound(ObjectiveKeys.terms),
      let learnedCost = objective[ObjectiveKeys.learnedCost], learnedCost > 0,
      objective[ObjectiveKeys.terms]?.isEmpty == true
    else { return }
    let allowed = "with terms only: they are what lqr regulates to"
    if planner == .lqr, let kind = plannerFields?.located(PlannerKeys.kind) {
      diagnostics.add(kind, found: "lqr with a learned cost alone", allowed: allowed)
    }
    if let fallback = guarding?.located(GuardKeys.fallback), fallback.value == .lqr {
      diagnostics.add(fallback, found: "lqr with a learned cost alone", allowed: allowed)
    }
  }
}
