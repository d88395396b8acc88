/// Predictions of an episode beside what came, as the page plots them.
struct PredictionContent: Encodable {
  /// How often reality fell into central intervals.
  struct Calibration: Encodable {
    /// Nominal shares of the intervals.
    var levels: [Double]
    /// Numbers of steps that it is told for.
    var steps: [Int]
    /// Predictions compared, by number of steps.
    var samples: [Int]
    /// Those inside. Shape [steps, channel, level].
    var inside: [[[Int]]]
  }

  /// The model that an episode began with over the whole of it.
  struct Whole: Encodable {
    /// When the simulation starts, s. Its block holds what was simulated and what came, as 32-bit
    /// floats of shape [step from 0, channel, 2].
    var start: Double
    var steps: Int
    var residuals: [Correlation]
  }

  /// Correlations of a channel's one-step residuals, with their past or with an action.
  struct Correlation: Encodable {
    var channel: Int
    /// nil for the residual's own past.
    var action: Int?
    var firstLag: Int
    var values: [Double]
    /// 99 % of the values of a model that misses nothing are within ± this.
    var bound: Double
  }

  var channels: [String]
  var actions: [String]
  var units: [String]
  /// Seconds of a step.
  var period: Double
  /// Predictions that the figures are taken over.
  var starts: Int
  /// Numbers of steps at which errors and fans are told, ascending.
  var horizons: [Int]
  /// Root mean squared error and predicted standard deviation; nil where nothing was compared. Shape
  /// [channel, horizon].
  var rmse: [[Double?]]
  var spread: [[Double?]]
  var calibration: Calibration
  /// When each fan starts, s. Its block holds low, middle, high and what came, as 32-bit floats of
  /// shape [fan, step 0 and horizons, channel, 4].
  var fans: [Double]
  var whole: Whole?
}
