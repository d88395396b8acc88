import ReplanCore
import ReplanRecord

extension Trainer {
  /// - Throws: the first thing in which structure, shape, names and data disagree, or a value that
  ///   is not finite.
  static func validate(
    _ structure: PlantStructure, _ shape: EnsembleShape, _ channels: [String], _ set: TransitionSet
  ) throws(LearnError) {
    let (states, actions) = (structure.stateCount, structure.actionCount)
    func expect(_ have: Int, _ want: Int, _ what: String) throws(LearnError) {
      if have != want { throw .mismatch("\(have) \(what), but the robot file implies \(want)") }
    }
    try expect(shape.inputCount, structure.inputCount, "network inputs")
    try expect(shape.outputCount, structure.outputCount, "network outputs")
    try expect(channels.count, states + actions, "channel names")
    try expect(set.stateCount, states, "state channels in the transitions")
    try expect(set.actionCount, actions, "action channels in the transitions")
    for c in 0..<states where structure.states[c].isIntegrated {
      let v = structure.states[c].velocity
      guard v < states, v < c || !structure.states[v].isIntegrated else {
        throw .mismatch(
          "channel \(channels[c]): its velocity is channel \(v), which must exist and, if it is "
            + "integrated itself, stand before it")
      }
    }
    guard set.count >= fewestTransitions else {
      throw .tooFewTransitions(count: set.count, needed: fewestTransitions)
    }
    for t in 0..<set.count {
      for c in 0..<states
      where !(set.states[t * states + c] + set.nextStates[t * states + c])
        .isFinite
      {
        throw .notFinite(transition: t, channel: channels[c])
      }
      if shape.predictsCost && !set.costs[t].isFinite { throw .noCost(transition: t) }
      for a in 0..<actions where !set.actions[t * actions + a].isFinite {
        throw .notFinite(transition: t, channel: channels[states + a])
      }
    }
  }
}
