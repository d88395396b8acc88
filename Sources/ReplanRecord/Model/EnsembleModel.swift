public import ReplanCore

/// An ensemble as it is trained and stored: plain arrays in the layout of the model file.
///
/// The normalised inputs are `(input - inputMean) / inputScale`, in the order that
/// `PlantStructure.inputCount` documents; the change of state of output `j` is
/// `outputMean[j] + outputScale[j] * y[j]`, where `y` is the network's mean output. An integrated
/// channel follows by the trapezoidal rule: `p' = p + tick * (v + v') / 2`. Where the shape predicts
/// the cost it is one output more, after those of state: the cost itself, not its change.
public struct EnsembleModel: Sendable {
  /// One dense layer of all members.
  public struct Layer: Sendable, Equatable {
    /// Shape [member, output, input], row-major.
    public var weight: [Float]
    /// Shape [member, output].
    public var bias: [Float]

    public init(weight: [Float], bias: [Float]) {
      self.weight = weight
      self.bias = bias
    }
  }

  public var structure: PlantStructure
  public var shape: EnsembleShape
  /// Names of the state channels, then of the action channels, as in the robot file.
  public var channels: [String]
  public var layers: [Layer]
  /// Shape [input].
  public var inputMean: [Float]
  public var inputScale: [Float]
  /// Shape [output]; units of the state channel, for a change over one tick. The cost's own unit for
  /// a predicted cost.
  public var outputMean: [Float]
  public var outputScale: [Float]
  /// Noise of the normalised outputs where the shape says `constant`: [member, output].
  public var noiseVariance: [Float]
  /// What the model was fitted on and how well; written into the file's header.
  public var training: TrainingSummary

  public init(
    structure: PlantStructure, shape: EnsembleShape, channels: [String], layers: [Layer],
    inputMean: [Float], inputScale: [Float], outputMean: [Float], outputScale: [Float],
    noiseVariance: [Float], training: TrainingSummary
  ) {
    precondition(layers.count == shape.layerCount)
    self.structure = structure
    self.shape = shape
    self.channels = channels
    self.layers = layers
    self.inputMean = inputMean
    self.inputScale = inputScale
    self.outputMean = outputMean
    self.outputScale = outputScale
    self.noiseVariance = noiseVariance
    self.training = training
  }
}

/// What a model was fitted on, and how well.
public struct TrainingSummary: Sendable, Codable, Equatable {
  public var transitions: Int
  public var steps: Int
  public var seed: UInt64
  /// bootstrap, shared, bayesian or last_layer.
  public var posterior: String
  /// squares or gaussian.
  public var likelihood: String
  /// Root mean squared one-step error of the mean prediction on held-out (or out-of-bag)
  /// transitions, one for each state channel, in the channel's unit.
  public var rmse: [Float]
  /// SHA-256 of the transitions, in hexadecimal.
  public var dataHash: String
  /// The same error of the predicted cost, in its unit; nil without a predicted cost.
  public var costRMSE: Float?
  /// How much the members disagree about transitions that at least one of them has not seen; nil for a
  /// single member and in files from before it was stated.
  public var disagreement: DisagreementQuantile?
  /// How the spread is to be widened for intervals that hold what they promise; nil if it was not
  /// looked at.
  public var spread: SpreadCalibration?
  /// Which transitions of which episodes it was fitted to, in their order; nil where it is not known.
  public var data: [DataShare]?
  /// Transitions after which an older one counted half; nil where all counted alike.
  public var halfLife: Int?

  public init(
    transitions: Int, steps: Int, seed: UInt64, posterior: String, likelihood: String,
    rmse: [Float], dataHash: String, costRMSE: Float? = nil
  ) {
    self.transitions = transitions
    self.steps = steps
    self.seed = seed
    self.posterior = posterior
    self.likelihood = likelihood
    self.rmse = rmse
    self.dataHash = dataHash
    self.costRMSE = costRMSE
  }
}

/// A quantile of the members' disagreement over held-out transitions.
///
/// Disagreement is the largest variance across members of a normalised output, as the controller
/// computes it: what exceeds the quantile by far lies outside of what the model knows.
public struct DisagreementQuantile: Sendable, Codable, Equatable {
  /// Above 0, below 1.
  public var quantile: Float
  public var value: Float
  /// Transitions that it was taken over.
  public var transitions: Int

  public init(quantile: Float, value: Float, transitions: Int) {
    self.quantile = quantile
    self.value = value
    self.transitions = transitions
  }
}
