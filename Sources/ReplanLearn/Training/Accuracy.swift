import ReplanCore
import ReplanNumerics
import ReplanRecord

/// How far the ensemble's mean prediction is off, in the units of the channels.
enum Accuracy {
  /// Root mean squared one-step error of each measured channel over the judged transitions.
  ///
  /// Each transition is predicted by the members that are judged on it, so that none has seen it.
  static func rmse(
    _ set: TransitionSet, _ structure: PlantStructure, _ data: PreparedData,
    _ fits: [MemberTrainer.Fit]
  ) -> [Float] {
    let outputs = data.outputScale.count
    let (sums, votes) = sums(set.count, outputs, fits)
    let states = structure.stateCount
    var squares = [Double](repeating: 0, count: structure.measuredCount)
    var judged = 0
    for row in 0..<set.count where votes[row] > 0 {
      judged += 1
      let changes = (0..<outputs).map { j in
        data.outputMean[j] + data.outputScale[j] * sums[row * outputs + j] / Float(votes[row])
      }
      let state = Array(set.states[(row * states)..<((row + 1) * states)])
      let next = predicted(state, changes, structure)
      for c in 0..<structure.measuredCount {
        var error = next[c] - set.nextStates[row * states + c]
        if structure.states[c].isAngle { error = wrappedAngle(error) }
        squares[c] += Double(error) * Double(error)
      }
    }
    return squares.map { Float(($0 / Double(judged)).squareRoot()) }
  }

  /// The same of the predicted cost, the last output.
  static func costRMSE(
    _ set: TransitionSet, _ data: PreparedData, _ fits: [MemberTrainer.Fit]
  ) -> Float {
    let outputs = data.outputScale.count
    let (sums, votes) = sums(set.count, outputs, fits)
    let j = outputs - 1
    var squares = 0.0
    var judged = 0
    for row in 0..<set.count where votes[row] > 0 {
      judged += 1
      let mean = sums[row * outputs + j] / Float(votes[row])
      let error = Double(data.outputMean[j] + data.outputScale[j] * mean - set.costs[row])
      squares += error * error
    }
    return Float((squares / Double(judged)).squareRoot())
  }

  /// The judging members' normalised predictions summed [transition × outputs], and how many they
  /// are [transition].
  private static func sums(
    _ count: Int, _ outputs: Int, _ fits: [MemberTrainer.Fit]
  ) -> (sums: [Float], votes: [Int]) {
    var sums = [Float](repeating: 0, count: count * outputs)
    var votes = [Int](repeating: 0, count: count)
    for fit in fits {
      for (i, row) in fit.judging.enumerated() {
        votes[Int(row)] += 1
        for j in 0..<outputs { sums[Int(row) * outputs + j] += fit.predictions[i * outputs + j] }
      }
    }
    return (sums, votes)
  }

  /// The next state: changes added, then integrated channels by the trapezoidal rule, in order.
  private static func predicted(
    _ state: [Float], _ changes: [Float], _ structure: PlantStructure
  ) -> [Float] {
    var next = state
    var j = 0
    for c in state.indices where structure.states[c].isPredicted {
      next[c] += changes[j]
      j += 1
    }
    for c in state.indices where structure.states[c].isIntegrated {
      let v = structure.states[c].velocity
      next[c] += 0.5 * structure.tick * (state[v] + next[v])
    }
    return next
  }
}
