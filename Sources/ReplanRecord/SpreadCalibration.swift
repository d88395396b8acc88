import Foundation

/// By how much a model's spread is to be widened, so that its intervals hold what they promise.
///
/// Members of an ensemble agree too much where all are wrong alike, and noise that is drawn anew at
/// each tick grows otherwise than real errors do: a sensor's is there once, and not once a tick. So for
/// each state channel and number of steps a factor of the noise and one of the disagreement are taken
/// from held-out episodes, with which the central interval of `level` holds as much of them. In between
/// factors are interpolated over the logarithm of the steps.
///
/// - Source: split conformal prediction with the error scaled by the predicted spread: Lei et al.
///   2018, Distribution-free predictive inference for regression, section 5.2, arXiv:1604.04173.
public struct SpreadCalibration: Sendable, Codable, Equatable {
  /// The share that the interval is to hold; 0.9.
  public var level: Float
  /// Ascending, from 1.
  public var steps: [Int]
  /// Of the noise. Above 0. Shape [steps, state].
  public var factors: [[Float]]
  /// Of the disagreement, likewise; nil where the two were not told apart: that of the noise.
  public var disagreement: [[Float]]?

  public init(
    level: Float, steps: [Int], factors: [[Float]], disagreement: [[Float]]? = nil
  ) {
    precondition(!steps.isEmpty && steps.count == factors.count)
    precondition(disagreement.map { $0.count == steps.count } ?? true)
    self.level = level
    self.steps = steps
    self.factors = factors
    self.disagreement = disagreement
  }

  /// False for what a file may say and no calibration is: nothing is looked up in it then.
  func isSound(stateCount: Int) -> Bool {
    !steps.isEmpty && steps.count == factors.count && steps[0] >= 1
      && zip(steps, steps.dropFirst()).allSatisfy { $0 < $1 } && (0..<1).contains(level)
      && (disagreement ?? factors).count == steps.count
      && (factors + (disagreement ?? [])).allSatisfy {
        $0.count == stateCount && $0.allSatisfy { $0 > 0 && $0.isFinite }
      }
  }

  /// The factors of both parts of the spread.
  ///
  /// - Parameter step: counts from 1; beyond the last one of the table its factors stay.
  public func factor(step: Int, channel: Int) -> (noise: Float, disagreement: Float) {
    let noise = factor(factors, step, channel)
    return (noise, disagreement.map { factor($0, step, channel) } ?? noise)
  }

  private func factor(_ table: [[Float]], _ step: Int, _ channel: Int) -> Float {
    guard let above = steps.firstIndex(where: { $0 >= step }) else {
      return table[steps.count - 1][channel]
    }
    let high = table[above][channel]
    guard above > 0, steps[above] > step else { return high }
    let low = table[above - 1][channel]
    let (first, last) = (Double(steps[above - 1]), Double(steps[above]))
    let share = Float(log(Double(step) / first) / log(last / first))
    return low + (high - low) * share
  }
}
