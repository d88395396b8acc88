import ReplanCore

/// The keys of a whole robot file.
enum RobotKeys {
  static let name = Key<String>("name", .name, required: true, "Name of the robot.")
  static let description = Key<String>(
    "description", .prose, default: "", "What the robot is and has to do, for people.")
  static let rate = Key<Double>(
    "rate", .from(1, to: 1000), required: true, unit: "Hz",
    "Ticks per second: one observation, one plan, one action each.")
  static let observation = Key<[Fields]>(
    "observation", listOf: ObservationKeys.section, count: 1...32,
    "Channels of the plant's observation, in the order of the wire.")
  static let action = Key<[Fields]>(
    "action", listOf: ActionKeys.section, count: 1...16,
    "Channels of the plant's action, in the order of the wire.")
  static let structure = Key<Fields>(
    "structure", StructureKeys.section, "What is known about the plant and need not be learned.")
  static let latency = Key<Int>(
    "latency", 0...15, default: 0, unit: "ticks",
    "Ticks from sending an action to its effect, beyond the tick of next-tick output. If absent, what "
      + "a model says that was identified, otherwise 0.")
  static let estimator = Key<WrittenEstimator>(
    "estimator", oneOf: EstimatorDescription.Kind.names, orSection: EstimatorKeys.section,
    default: EstimatorDescription.Kind.none.rawValue,
    "How the state is found where observations do not hold all of it: a word, or a section.")
  static let objective = Key<Fields>(
    "objective", ObjectiveKeys.section, required: true, "The cost that planning minimises.")
  static let planner = Key<Fields>("planner", PlannerKeys.section, "How actions are planned.")
  static let model = Key<Fields>(
    "model", ModelKeys.section,
    "The ensemble that learns the dynamics, its training, and known equations of motion.")
  static let dataset = Key<Fields>(
    "dataset", DatasetKeys.section, "Which transitions the ensemble is fitted to.")
  static let value = Key<ValueDescription>(
    "value", oneOf: [ValueKeys.expected], orSection: ValueKeys.section,
    default: ValueKeys.expected,
    "How the sampling planners value an uncertain outcome: by its `expected` cost, the mean over "
      + "particles, or by the `pessimistic` or `optimistic` end of a central region.")
  static let propagation = Key<Fields>(
    "propagation", PropagationKeys.section,
    "How the sampling planners carry the model's uncertainty through a rollout: by particles.")
  static let basePolicy = Key<Fields>(
    "base_policy", BasePolicyKeys.section, "How the first episode excites the plant.")
  static let learning = Key<Fields>(
    "learning", LearningKeys.section, "How data, model and plans follow one another.")
  static let exploration = Key<Fields>(
    "exploration", ExplorationKeys.section,
    "How learning goes on exploring once there is a model.")
  static let promotion = Key<Fields>(
    "promotion", PromotionKeys.section,
    "What a refitted model has to show before it replaces the one in use.")
  static let episode = Key<Fields>(
    "episode", EpisodeKeys.section, "How long an episode lasts, and what counts as success.")
  static let guarding = Key<Fields>(
    "guard", GuardKeys.section, "What is bridged when something is missing, and the fallback.")
  static let envelope = Key<Entries>(
    "envelope", channelsTo: .pair(.any), unit: "the channel's unit",
    "Pairs `channel: [low, high]`; a state outside means the fallback action.")
  static let link = Key<Fields>("link", LinkKeys.section, "How the plant is reached.")

  static let picture = Key<Fields>(
    "picture", PictureKeys.section, "How the page of `replan watch` draws the robot.")

  static let section = Section([
    name.descriptor, description.descriptor, rate.descriptor, observation.descriptor,
    action.descriptor, structure.descriptor, latency.descriptor, estimator.descriptor,
    objective.descriptor,
    planner.descriptor, model.descriptor, dataset.descriptor, value.descriptor,
    propagation.descriptor, basePolicy.descriptor, exploration.descriptor, learning.descriptor,
    promotion.descriptor, episode.descriptor,
    guarding.descriptor, envelope.descriptor,
    link.descriptor, picture.descriptor,
  ])
}
