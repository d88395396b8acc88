import Foundation

extension RobotDescription {
  /// The whole description in one canonical text: equal for two files that differ in comments,
  /// formatting, the order of keys, written-out defaults or `description` only.
  public var meaning: String {
    canonicalText(Meaning(robot: self))
  }

  /// The part that recorded episodes and fitted models depend on, in one canonical text: name,
  /// rate, channels, declared structure, latency and output timing. A file whose task, planner,
  /// training or port changed still describes the same plant.
  public var plantMeaning: String {
    canonicalText(PlantMeaning(robot: self))
  }

  private func canonicalText(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // All numbers are finite and all keys are strings, so that encoding cannot fail.
    guard let data = try? encoder.encode(value) else {
      preconditionFailure("a robot description has numbers that are finite only")
    }
    return String(decoding: data, as: UTF8.self)
  }
}

private struct PlantMeaning: Encodable {
  let name: String
  let rate: Double
  let observation: [ObservationChannel]
  let action: [ActionChannel]
  let structure: DeclaredStructure
  let latency: Int
  let estimator: EstimatorDescription
  let output: LinkDescription.Output

  init(robot: RobotDescription) {
    name = robot.name
    rate = robot.rate
    observation = robot.observation
    action = robot.action
    structure = robot.declaredStructure
    latency = robot.latency
    estimator = robot.estimator
    output = robot.link.output
  }
}

private struct Meaning: Encodable {
  let plant: PlantMeaning
  let objective: ObjectiveDescription
  let planner: PlannerDescription
  let model: ModelDescription
  let dataset: DatasetDescription
  let value: ValueDescription
  let propagation: PropagationDescription
  let basePolicy: BasePolicyDescription
  let learning: LearningDescription
  let exploration: ExplorationDescription
  let promotion: PromotionDescription
  let episode: EpisodeDescription
  let guarding: GuardDescription
  let envelope: [EnvelopeLimit]
  let link: LinkDescription

  init(robot: RobotDescription) {
    plant = PlantMeaning(robot: robot)
    objective = robot.declaredObjective
    planner = robot.planner
    model = robot.model
    dataset = robot.dataset
    value = robot.value
    propagation = robot.propagation
    basePolicy = robot.basePolicy
    learning = robot.learning
    exploration = robot.exploration
    promotion = robot.promotion
    episode = robot.episode
    guarding = robot.guarding
    envelope = robot.envelope
    link = robot.link
  }
}
