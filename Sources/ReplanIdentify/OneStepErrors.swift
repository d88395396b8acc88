import Foundation
import ReplanRecord

/// How far the next state is from its prediction over a tick, from each measured state on.
struct OneStepErrors {
  /// Root mean square of each channel; not a number where nothing could be compared.
  let rmse: [Double]

  init(
    _ trajectories: [Trajectory], simulator: any EquationSimulator, parameters: [Double],
    isAngle: [Bool], tick: Double, step: Double
  ) {
    var squares = [Double](repeating: 0, count: simulator.stateCount)
    var count = 0
    for trajectory in trajectories {
      let record = MeasuredRecord(trajectory, tick: tick)
      for k in 0..<trajectory.count
      where trajectory.isPresent(k) && trajectory.isPresent(k + 1) {
        let predicted = simulator.simulate(
          record, k..<k + 2, parameters: parameters, start: trajectory.state(k).map(Double.init),
          step: step)
        count += 1
        for (c, value) in trajectory.state(k + 1).enumerated() {
          var error = Double(value) - predicted[simulator.stateCount + c]
          if isAngle[c] { error = remainder(error, 2 * .pi) }
          squares[c] += error * error
        }
      }
    }
    rmse = squares.map { count == 0 ? .nan : ($0 / Double(count)).squareRoot() }
  }
}
