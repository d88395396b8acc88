public import ReplanRecord

/// How well one state channel is predicted over one number of steps.
public struct ChannelFigures: Sendable, Equatable {
  /// How far ahead.
  public enum Horizon: Sendable, Hashable {
    /// From every sample on.
    case steps(Int)
    /// From the beginning of each trajectory to its end, every step counted.
    case simulation
  }

  /// Index of the state channel.
  public var channel: Int
  public var horizon: Horizon
  /// Predictions that were compared with what was measured.
  public var count: Int
  /// Root mean squared error of the rollout of the members' mean, in the channel's unit.
  public var rmse: Double
  /// 1 − ‖y − ŷ‖ / ‖y − ȳ‖: 1 for a perfect prediction, 0 for one no better than the mean of what
  /// was measured.
  public var nrmseFit: Double
  /// Share of the measured values inside the central 90 % interval; nil if the model states no
  /// spread.
  public var coverage90: Double?
  /// Root mean square of the predicted standard deviation, in the channel's unit.
  public var spread: Double
  /// Its two parts, whose squares add up: what the members disagree about, which more data would lessen,
  /// and the noise that they state, which they would not.
  public var epistemic: Double
  public var aleatoric: Double
}

/// Nominal shares of central intervals and the multiples of a standard deviation that bound them.
///
/// - Source: quantiles of the normal distribution.
public enum CentralInterval {
  public static let table: [(share: Double, bound: Float)] = [
    (0.5, 0.674_49), (0.6, 0.841_62), (0.7, 1.036_43), (0.8, 1.281_55), (0.9, 1.644_85),
    (0.95, 1.959_96), (0.99, 2.575_83),
  ]
  public static let bound90: Float = 1.644_85
}
