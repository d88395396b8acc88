import Foundation
public import ReplanCore

/// From the declared estimator to that of the core.
extension RobotDescription {
  /// Indices of the channels that the plant sends, in the order of the wire.
  public var measuredIndices: [Int] { observation.indices.filter { observation[$0].isMeasured } }

  /// What is faster counts as noise, Hz.
  public var estimatorCutoff: Double { estimator.cutoff ?? rate / 10 }

  /// Seconds by which estimated velocities lag; nil where the estimator predicts, or there is none.
  public var estimatorDelay: Double? {
    switch estimator.kind {
    case .difference: return 0.5 * period
    case .lowpass: return period * (0.5 + estimatorDecay / (1 - estimatorDecay))
    case .none, .kalman, .history: return nil
    }
  }

  /// What is left of a low-pass's last value after a tick.
  private var estimatorDecay: Double { exp(-2 * .pi * estimatorCutoff * period) }

  /// - Units: deviations in the channels' units, by tick.
  public func estimatorConfiguration() -> EstimatorConfiguration {
    var result = EstimatorConfiguration()
    switch estimator.kind {
    case .none, .history: return result
    case .difference: result.method = .difference
    case .lowpass: result.method = .lowpass(decay: Float(estimatorDecay))
    case .kalman: result.method = .kalman(decay: Float(estimatorDecay))
    }
    for (index, channel) in observation.enumerated() {
      result.isEstimated[index] = !channel.isMeasured
      result.measurementDeviation[index] = Float(channel.noise ?? 0)
      result.processDeviation[index] = Float(
        estimator.processNoise[channel.name] ?? processDeviation(index))
      result.initialDeviation[index] = Float(initialDeviation(index))
    }
    return result
  }

  /// What makes the filter as fast as the cutoff: for a first-order filter the process goes by the
  /// noise times ω T in a tick, for a velocity that is found from its position by the noise times
  /// ω² T (the steady state of the double integrator, Bar-Shalom, Li and Kirubarajan 2001, 6.2.3).
  private func processDeviation(_ index: Int) -> Double {
    let omega = 2 * Double.pi * estimatorCutoff
    let channel = observation[index]
    if !channel.isMeasured {
      return (position(of: channel.name)?.noise ?? 0) * omega * omega * period
    }
    let noise = channel.noise ?? 0
    // A position moves by its velocity, which has the uncertainty already.
    let isIntegral = declaredStructure.secondOrder.contains { $0.position == channel.name }
    return noise * omega * period * (isIntegral ? 0.1 : 1)
  }

  /// Before anything was observed: the noise of the position over a tick, ten times.
  private func initialDeviation(_ index: Int) -> Double {
    let channel = observation[index]
    guard let position = position(of: channel.name) else {
      return 10 * (estimator.processNoise[channel.name] ?? 0)
    }
    return 10 * (position.noise ?? 0) / period
  }

  private func position(of velocity: String) -> ObservationChannel? {
    guard
      let name = declaredStructure.secondOrder.first(where: { $0.velocity == velocity })?.position
    else { return nil }
    return observation.first { $0.name == name }
  }
}
