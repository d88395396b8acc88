/// The ensemble that learns the plant's dynamics, how it is trained, and the equations of motion if
/// they are known.
public struct ModelDescription: Sendable, Equatable, Encodable {
  public enum Activation: String, Choice, Sendable {
    case silu, tanh, softplus
  }

  public enum Likelihood: String, Choice, Sendable {
    /// Least squares; one constant noise variance for each output.
    case squares
    /// The network predicts a variance for each output.
    case gaussian
  }

  public enum Posterior: String, Choice, Sendable {
    /// Each member has its own resample of the data, with replacement.
    case bootstrap
    /// All members have all data; they differ by initialisation and order.
    case shared
    /// Members are drawn from the posterior of a Bayesian network, all weights of it.
    case bayesian
    /// Members are drawn from the posterior of the output layer of one network.
    case lastLayer = "last_layer"
  }

  /// Training between episodes.
  public struct Training: Sendable, Equatable, Encodable {
    public let steps: Int
    public let batch: Int
    public let learningRate: Double
    public let weightDecay: Double
  }

  /// Training inside an episode, beside the running loop.
  public struct Refit: Sendable, Equatable, Encodable {
    /// Ticks; 0 refits at the end of an episode only.
    public let every: Int
    public let steps: Int
    /// Ticks from the start of a refit to its adoption.
    public let adoptAfter: Int
  }

  public let members: Int
  /// Widths of the hidden layers.
  public let hidden: [Int]
  public let activation: Activation
  public let likelihood: Likelihood
  public let posterior: Posterior
  public let training: Training
  public let refit: Refit
  /// nil if no equations of motion are named.
  public let physics: PhysicsDescription?
}

enum TrainingKeys {
  static let steps = Key<Int>(
    "steps", 1...1_000_000, default: 2000, "Steps of gradient descent between episodes.")
  static let batch = Key<Int>("batch", 1...65536, default: 64, "Transitions of one step.")
  static let learningRate = Key<Double>(
    "learning_rate", .above(0, to: 1), default: 0.005, "Initial step size of Adam.")
  static let weightDecay = Key<Double>(
    "weight_decay", .from(0, to: 1), default: 0.0001, "Decay of the weights towards 0.")

  static let section = Section([
    steps.descriptor, batch.descriptor, learningRate.descriptor, weightDecay.descriptor,
  ])
}

enum RefitKeys {
  static let every = Key<Int>(
    "every", 0...100_000, default: 5, unit: "ticks",
    "A refit starts after so many ticks of an episode; 0: only at its end.")
  static let steps = Key<Int>(
    "steps", 1...1_000_000, default: 500, "Steps of gradient descent of a refit in an episode.")
  static let adoptAfter = Key<Int>(
    "adopt_after", 1...100_000, default: 3, unit: "ticks",
    "The refitted model is adopted so long after the refit's start; at most `every`.")

  static let section = Section([every.descriptor, steps.descriptor, adoptAfter.descriptor])
}

enum ModelKeys {
  static let members = Key<Int>("members", 1...16, default: 3, "Members of the ensemble.")
  static let hidden = Key<[Int]>(
    "hidden", 1...256, count: 1...4, default: [32, 32], "Widths of the hidden layers.")
  static let activation = Key<ModelDescription.Activation>(
    "activation", default: .silu, "Activation between the layers.")
  static let likelihood = Key<ModelDescription.Likelihood>(
    "likelihood", default: .squares,
    "`squares` estimates one noise variance for each output, `gaussian` predicts it.")
  static let posterior = Key<ModelDescription.Posterior>(
    "posterior", default: .bootstrap,
    "How members differ: `bootstrap` resamples the data, `shared` draws another start only, `bayesian` "
      + "draws them from a Bayesian network's posterior by Markov chains, `last_layer` from that of one "
      + "network's output layer, in closed form.")
  static let training = Key<Fields>(
    "training", TrainingKeys.section, "Training between episodes.")
  static let refit = Key<Fields>(
    "refit", RefitKeys.section, "Training inside an episode, beside the running loop.")

  static let section = Section([
    members.descriptor, hidden.descriptor, activation.descriptor, likelihood.descriptor,
    posterior.descriptor, training.descriptor, refit.descriptor, PhysicsKeys.physics.descriptor,
    PhysicsKeys.substeps.descriptor, PhysicsKeys.parameters.descriptor,
  ])
}

extension ModelDescription {
  /// - Parameter channels: counts of observation and action channels; nil where they have faults.
  init?(
    _ fields: Fields, channels: (observations: Int, actions: Int)?, _ diagnostics: inout Diagnostics
  ) {
    let physics = PhysicsDescription(fields, channels: channels, &diagnostics)
    let training = fields[ModelKeys.training].flatMap { Training($0) }
    let refit = fields[ModelKeys.refit].flatMap { Refit($0, &diagnostics) }
    guard let members = fields[ModelKeys.members], let hidden = fields[ModelKeys.hidden],
      let activation = fields[ModelKeys.activation],
      let likelihood = fields[ModelKeys.likelihood], let posterior = fields[ModelKeys.posterior],
      let training, let refit
    else { return nil }
    self.init(
      members: members, hidden: hidden, activation: activation, likelihood: likelihood,
      posterior: posterior, training: training, refit: refit, physics: physics)
  }
}

extension ModelDescription.Training {
  init?(_ fields: Fields) {
    guard let steps = fields[TrainingKeys.steps], let batch = fields[TrainingKeys.batch],
      let learningRate = fields[TrainingKeys.learningRate],
      let weightDecay = fields[TrainingKeys.weightDecay]
    else { return nil }
    self.init(steps: steps, batch: batch, learningRate: learningRate, weightDecay: weightDecay)
  }
}

extension ModelDescription.Refit {
  /// The default of `adopt_after` gives way to a shorter `every`.
  init?(_ fields: Fields, _ diagnostics: inout Diagnostics) {
    guard let every = fields[RefitKeys.every],
      let adoptAfter = fields.located(RefitKeys.adoptAfter)
    else { return nil }
    let largest = every > 0 ? every : Int.max
    if fields.has(RefitKeys.adoptAfter), adoptAfter.value > largest {
      diagnostics.add(adoptAfter, found: "\(adoptAfter.value)", allowed: "1...\(every), as every")
    }
    guard let steps = fields[RefitKeys.steps] else { return nil }
    self.init(every: every, steps: steps, adoptAfter: min(adoptAfter.value, largest))
  }
}
