import Glibc
import ReplanRecord
import ReplanRobot

/// Velocities that a table lacks, from the change of its positions, as the robot's estimator finds them
/// in the loop: causal, and late by as much.
///
/// A Kalman filter needs the model that is yet to be identified; its low-pass stands in for it.
struct VelocityFilter {
  private struct Pair {
    var velocity: Int
    var position: Int
    var isAngle: Bool
  }

  private let pairs: [Pair]
  /// Hz; infinite where differences are taken as they are.
  private let cutoff: Double

  /// - Parameter missing: channels that have no column.
  /// - Returns: nil where the estimator finds none of them.
  init?(_ robot: RobotDescription, missing: Set<String>) {
    switch robot.estimator.kind {
    case .none, .history: return nil
    case .difference: cutoff = .infinity
    case .lowpass, .kalman: cutoff = robot.estimatorCutoff
    }
    pairs = robot.declaredStructure.secondOrder.compactMap { pair in
      guard missing.contains(pair.velocity), !missing.contains(pair.position),
        let velocity = robot.observationIndex(pair.velocity),
        let position = robot.observationIndex(pair.position)
      else { return nil }
      return Pair(
        velocity: velocity, position: position,
        isAngle: robot.observation[position].kind == .angle)
    }
    if pairs.isEmpty { return nil }
  }

  /// The run with the velocities in their places; the first sample, before which nothing is known, has
  /// that of the second.
  func completed(_ run: SampledRun) -> SampledRun {
    guard run.count > 1 else { return run }
    return pairs.reduce(run) { run, pair in
      run.setting(pair.velocity, to: velocities(run, pair))
    }
  }

  private func velocities(_ run: SampledRun, _ pair: Pair) -> [Float] {
    var filtered = 0.0
    var result: [Float] = []
    for k in 1..<run.count {
      let change =
        Double(run.states[k * run.stateCount + pair.position])
        - Double(run.states[(k - 1) * run.stateCount + pair.position])
      let interval = run.times[k] - run.times[k - 1]
      let slope = (pair.isAngle ? remainder(change, 2 * .pi) : change) / interval
      let kept = k == 1 ? 0 : exp(-2 * .pi * cutoff * interval)
      filtered = kept * filtered + (1 - kept) * slope
      result.append(Float(filtered))
    }
    return [result[0]] + result
  }
}
