public import ReplanCore

/// A linear model as it is identified and stored: s' = A s + B a + c over one tick.
public struct LinearFit: Sendable {
  public var structure: PlantStructure
  /// Names of the state channels, then of the action channels, as in the robot file.
  public var channels: [String]
  /// A [S × S], row-major.
  public var byState: [Double]
  /// B [S × A], row-major.
  public var byAction: [Double]
  /// c [S].
  public var offset: [Double]
  /// Variance of the next state about the prediction [S].
  public var noiseVariance: [Double]
  /// Standard deviations of the estimates; nil if they were not found.
  public var deviations: Deviations?
  public var summary: IdentificationSummary

  /// Standard deviation of each estimate; 0 where the value is known.
  public struct Deviations: Sendable, Equatable {
    /// Of A [S × S], B [S × A] and c [S].
    public var byState: [Double]
    public var byAction: [Double]
    public var offset: [Double]

    public init(byState: [Double], byAction: [Double], offset: [Double]) {
      self.byState = byState
      self.byAction = byAction
      self.offset = offset
    }
  }

  /// - Parameters:
  ///   - offset: zeros if nil.
  ///   - noiseVariance: zeros if nil.
  public init(
    structure: PlantStructure, channels: [String], byState: [Double], byAction: [Double],
    offset: [Double]? = nil, noiseVariance: [Double]? = nil,
    summary: IdentificationSummary = IdentificationSummary()
  ) {
    let zeros = [Double](repeating: 0, count: structure.stateCount)
    self.structure = structure
    self.channels = channels
    self.byState = byState
    self.byAction = byAction
    self.offset = offset ?? zeros
    self.noiseVariance = noiseVariance ?? zeros
    self.summary = summary
  }
}

/// What a model was identified from, how, and how well.
public struct IdentificationSummary: Sendable, Codable, Equatable {
  public var transitions = 0
  /// Records, hence estimated initial states that belong together.
  public var records = 0
  /// Length of all records, s.
  public var seconds = 0.0
  /// How it was fitted, in words.
  public var method = ""
  /// What the method takes the misfit for: `output-error` for noise of the measurement alone,
  /// `process-noise` for a disturbance of the state at each tick.
  public var assumption = ""
  /// Root mean squared one-step error of each state channel in its unit; not a number where the
  /// channel was not measured.
  public var rmse: [Float] = []
  /// Standard deviation of each channel's measurement noise as the fit found it; not a number where
  /// the channel was not measured.
  public var measurementNoise: [Double] = []
  /// SHA-256 of the data, in hexadecimal.
  public var dataHash = ""
  /// Initial state of the first record as the fit found it [state]; empty if it was not estimated.
  public var firstState: [Double] = []
  /// By how much the spread that `noise.variance` makes is to be widened; nil if that is not known.
  public var spread: SpreadCalibration?

  public init() {}
}
