/// The parts of a description, each nil if it could not be decoded.
///
/// Every part is decoded before any of them is missed, so that all faults of a file are found.
struct RobotParts {
  let rate: Located<Double>?
  let observation: [ObservationChannel]?
  let action: [ActionChannel]?
  let structure: DeclaredStructure?
  let estimator: EstimatorDescription?
  let objective: ObjectiveDescription?
  let planner: PlannerDescription?
  let model: ModelDescription?
  let dataset: DatasetDescription?
  let value: ValueDescription?
  let propagation: PropagationDescription?
  let basePolicy: BasePolicyDescription?
  let learning: LearningDescription?
  let exploration: ExplorationDescription?
  let promotion: PromotionDescription?
  let episode: EpisodeDescription?
  let guarding: GuardDescription?
  let envelope: [EnvelopeLimit]?
  let link: LinkDescription?
  let picture: PictureDescription?

  init(_ fields: Fields, _ diagnostics: inout Diagnostics) {
    let observations = fields[RobotKeys.observation]
    let actions = fields[RobotKeys.action]
    let channels = ChannelTable(observations: observations, actions: actions, &diagnostics)
    let rate = fields.located(RobotKeys.rate)
    self.rate = rate
    observation = observations?.compactMap { ObservationChannel($0, &diagnostics) }
    action = actions?.compactMap { ActionChannel($0, &diagnostics) }
    structure = fields[RobotKeys.structure].flatMap {
      DeclaredStructure($0, channels, &diagnostics)
    }
    let declared = structure
    estimator = fields.located(RobotKeys.estimator).flatMap {
      EstimatorDescription(
        $0, rate: rate?.value, observations: observations, structure: declared, channels,
        &diagnostics)
    }
    objective = fields[RobotKeys.objective].flatMap {
      ObjectiveDescription($0, channels, &diagnostics)
    }
    planner = fields[RobotKeys.planner].flatMap {
      PlannerDescription($0, rate: rate?.value, &diagnostics)
    }
    let counts = observations.flatMap { observations in
      actions.map { (observations: observations.count, actions: $0.count) }
    }
    model = fields[RobotKeys.model].flatMap {
      ModelDescription($0, channels: counts, &diagnostics)
    }
    dataset = fields[RobotKeys.dataset].flatMap { DatasetDescription($0) }
    value = fields[RobotKeys.value]
    propagation = fields[RobotKeys.propagation].flatMap { PropagationDescription($0) }
    basePolicy = fields[RobotKeys.basePolicy].flatMap { BasePolicyDescription($0) }
    learning = fields[RobotKeys.learning].flatMap { LearningDescription($0) }
    let members = fields[RobotKeys.model]?[ModelKeys.members]
    exploration = fields[RobotKeys.exploration].flatMap {
      ExplorationDescription($0, members: members, &diagnostics)
    }
    promotion = fields[RobotKeys.promotion].flatMap { PromotionDescription($0) }
    episode = fields[RobotKeys.episode].flatMap {
      EpisodeDescription($0, channels, &diagnostics)
    }
    guarding = fields[RobotKeys.guarding].flatMap {
      GuardDescription($0, channels, &diagnostics)
    }
    envelope = fields[RobotKeys.envelope].map { EnvelopeLimit.limits($0, channels, &diagnostics) }
    link = fields[RobotKeys.link].flatMap {
      LinkDescription($0, rate: rate?.value, &diagnostics)
    }
    picture = fields[RobotKeys.picture].flatMap {
      PictureDescription($0, channels, &diagnostics)
    }
    Combinations(fields).check(&diagnostics)
    let baud = fields[RobotKeys.link].flatMap { $0[LinkKeys.baud] }
    guard let rate, let observations, let actions, let baud else { return }
    let budget = LinkBudget(
      observations: observations.count { $0[ObservationKeys.measured] != false },
      actions: actions.count, baud: baud)
    if let (found, allowed) = budget.objection(to: rate.value) {
      diagnostics.add(rate, found: found, allowed: allowed)
    }
  }
}

extension RobotDescription {
  init?(_ fields: Fields, source: String, _ diagnostics: inout Diagnostics) {
    let parts = RobotParts(fields, &diagnostics)
    guard let name = fields[RobotKeys.name], let description = fields[RobotKeys.description],
      let rate = parts.rate?.value, let observation = parts.observation,
      let action = parts.action, let structure = parts.structure,
      let latency = fields[RobotKeys.latency], let estimator = parts.estimator,
      let objective = parts.objective,
      let planner = parts.planner, let model = parts.model, let dataset = parts.dataset,
      let value = parts.value,
      let propagation = parts.propagation, let basePolicy = parts.basePolicy,
      let learning = parts.learning,
      let exploration = parts.exploration, let promotion = parts.promotion,
      let episode = parts.episode,
      let guarding = parts.guarding, let envelope = parts.envelope, let link = parts.link,
      let picture = parts.picture
    else { return nil }
    self.init(
      name: name, description: description, rate: rate, observation: observation,
      action: action, declaredStructure: structure, latency: latency,
      isLatencyDeclared: fields.has(RobotKeys.latency), estimator: estimator,
      declaredObjective: objective, planner: planner, model: model, dataset: dataset,
      value: value, propagation: propagation, basePolicy: basePolicy, learning: learning,
      exploration: exploration, promotion: promotion, episode: episode, guarding: guarding,
      envelope: envelope, link: link,
      picture: picture, source: source)
  }
}
