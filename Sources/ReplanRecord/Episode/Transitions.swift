extension Episode {
  /// The transitions of the episode: observation k, the action in force between k and k + 1,
  /// observation k + 1, and the cost that came with that.
  ///
  /// The action in force is the one that observation k + 1 names, or, where the plant delays
  /// actions by `latency` samples, the one that observation k + 1 - `latency` names; before the
  /// first sample and where it names 0 that is the safe action. A transition is left out where a
  /// sample or the action is missing, where one of its samples (or the one that names the action)
  /// comes from a watchdog, a reset or a fault, and where a value is not finite.
  ///
  /// - Shapes: safeAction [action].
  /// - Precondition: `latency` is 0 or more, `safeAction` has one value a channel.
  public func transitions(latency: Int, safeAction: [Float]) -> TransitionSet {
    var set = TransitionSet(
      stateCount: header.observationChannels.count, actionCount: header.actionChannels.count)
    forEachTransition(latency: latency, safeAction: safeAction) { _, from, action, to in
      set.append(state: from.values, action: action, nextState: to.values, cost: to.cost)
    }
    return set
  }

  /// The same transitions in unbroken runs; a run ends where a transition is left out.
  ///
  /// - Shapes: safeAction [action].
  /// - Precondition: as for `transitions`.
  public func trajectories(latency: Int, safeAction: [Float]) -> [Trajectory] {
    var result: [Trajectory] = []
    // Sequence numbers begin anew after a reset, so that they tell samples of one run only.
    var last: (run: Int, sequence: UInt32)?
    forEachTransition(latency: latency, safeAction: safeAction) { run, from, action, to in
      if last == nil || last! != (run, from.sequence) {
        result.append(Trajectory(actionCount: safeAction.count, start: from.values))
      }
      result[result.count - 1].append(action: action, state: to.values)
      last = (run, to.sequence)
    }
    return result
  }

  /// The log time of the first sample of each trajectory that `trajectories` gives.
  public func trajectoryTimes(latency: Int, safeAction: [Float]) -> [UInt64] {
    var result: [UInt64] = []
    var last: (run: Int, sequence: UInt32)?
    forEachTransition(latency: latency, safeAction: safeAction) { run, from, _, to in
      if last == nil || last! != (run, from.sequence) { result.append(from.logTime) }
      last = (run, to.sequence)
    }
    return result
  }

  private func forEachTransition(
    latency: Int, safeAction: [Float],
    _ body: (_ run: Int, ObservationRecord, [Float], ObservationRecord) -> Void
  ) {
    precondition(latency >= 0 && safeAction.count == header.actionChannels.count)
    var sent: [UInt32: [Float]] = [:]
    for action in actions { sent[action.sequence] = action.values }
    sent[0] = safeAction
    for (index, run) in runs.enumerated() {
      let bySequence = Dictionary(run.map { ($0.sequence, $0) }) { first, _ in first }
      for (from, to) in zip(run, run.dropFirst()) where to.sequence == from.sequence &+ 1 {
        guard from.isUsable, to.isUsable,
          let action = Self.action(
            before: to.sequence, latency: latency, run: bySequence, sent: sent),
          action.allSatisfy(\.isFinite)
        else { continue }
        body(index, from, action, to)
      }
    }
  }

  private static func action(
    before sequence: UInt32, latency: Int, run: [UInt32: ObservationRecord],
    sent: [UInt32: [Float]]
  ) -> [Float]? {
    let naming = Int(sequence) - latency
    guard naming >= 0 else { return sent[0] }
    guard let observation = run[UInt32(naming)], observation.isTrustworthy else { return nil }
    return sent[observation.actionSequence]
  }

  /// Observations between two resets of the plant, each sequence number once.
  private var runs: [[ObservationRecord]] {
    var runs: [[ObservationRecord]] = []
    for observation in observations {
      guard let last = runs.last?.last?.sequence, observation.sequence >= last else {
        runs.append([observation])
        continue
      }
      // A sample that was sent again says nothing new.
      if observation.sequence > last { runs[runs.count - 1].append(observation) }
    }
    return runs
  }
}

extension ObservationRecord {
  /// True unless the plant was not under the controller's command.
  fileprivate var isTrustworthy: Bool {
    flags & (Flag.watchdog | Flag.resetting | Flag.fault) == 0
  }

  fileprivate var isUsable: Bool { isTrustworthy && values.allSatisfy(\.isFinite) }
}
