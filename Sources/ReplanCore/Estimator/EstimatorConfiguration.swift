/// How the state is found where observations do not hold all of it, or hold it with noise.
///
/// Channels of memory take no part: the loop fills them from what was estimated and sent.
public struct EstimatorConfiguration: Sendable {
  public enum Method: Sendable, BitwiseCopyable, Equatable {
    /// The observation is the state.
    case none
    /// An unmeasured velocity is the change of its position since the last sample.
    ///
    /// - Timing: it lags by half a tick, in which the mean over the tick lies.
    case difference
    /// The same through a low-pass of first order.
    ///
    /// - Units: `decay`, what is left of the last value after a tick, 0 to 1.
    /// - Timing: it lags by half a tick and `decay / (1 - decay)` ticks more.
    case lowpass(decay: Float)
    /// An extended Kalman filter over all channels with the model that plans; until there is one,
    /// the low-pass of this decay.
    case kalman(decay: Float)
  }

  public var method: Method
  /// True for channels that no observation holds.
  public var isEstimated: InlineArray<32, Bool>
  /// Standard deviation of a measured channel's noise, in its unit; for the Kalman filter.
  public var measurementDeviation: StateVector
  /// Standard deviation of what the model leaves out in a tick, in the channel's unit.
  public var processDeviation: StateVector
  /// Standard deviation of an unmeasured channel about 0 before anything was observed.
  public var initialDeviation: StateVector

  /// No estimator: every channel is measured, and taken as it is.
  public init() {
    method = .none
    isEstimated = InlineArray(repeating: false)
    measurementDeviation = StateVector(repeating: 0)
    processDeviation = StateVector(repeating: 0)
    initialDeviation = StateVector(repeating: 0)
  }

  /// True if the filter carries its own idea of the state from tick to tick.
  var usesModel: Bool {
    if case .kalman = method { return true }
    return false
  }
}
