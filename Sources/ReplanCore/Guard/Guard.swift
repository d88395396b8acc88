import ReplanNumerics

/// Looks at every observation before planning and at every action after it.
struct Guard {
  /// Ticks since the last observation that was accepted.
  private(set) var ticksWithoutObservation = 0
  /// Ticks since the last fresh plan.
  private(set) var ticksWithoutPlan = 0

  /// Judges the tick's observation: nil if it may be used, otherwise what is wrong with it.
  func check(
    _ observation: Observation, tick: Int, _ configuration: ControllerConfiguration
  ) -> Verdict? {
    guard observation.tick == tick else { return .stale }
    for i in 0..<configuration.structure.stateCount {
      let value = observation.values[i]
      guard value.isFinite else { return .notFinite }
      let isPlausible =
        value >= configuration.guarding.observationLow[i]
        && value <= configuration.guarding.observationHigh[i]
      guard isPlausible else { return .outOfRange }
    }
    return nil
  }

  /// Counts the tick; true if prediction may stand in for the missing or refused observation.
  mutating func mayBridge(_ refusal: Verdict?, _ configuration: ControllerConfiguration) -> Bool {
    ticksWithoutObservation = refusal == nil ? 0 : ticksWithoutObservation + 1
    return ticksWithoutObservation <= configuration.guarding.staleTicks
  }

  /// Counts the tick; true if the last plan may be followed instead of a fresh one.
  mutating func mayFollow(isFresh: Bool, _ configuration: ControllerConfiguration) -> Bool {
    ticksWithoutPlan = isFresh ? 0 : ticksWithoutPlan + 1
    return ticksWithoutPlan <= configuration.guarding.shiftedTicks
  }

  func isInsideEnvelope(
    _ state: UnsafePointer<Float>, _ configuration: ControllerConfiguration
  ) -> Bool {
    for i in 0..<configuration.structure.stateCount {
      // Written so that a value that is not a number is outside.
      let isInside =
        state[i] >= configuration.guarding.envelopeLow[i]
        && state[i] <= configuration.guarding.envelopeHigh[i]
      guard isInside else { return false }
    }
    return true
  }

  /// An action inside limits and slew; a value that is not finite becomes the safe one first.
  func limit(
    _ action: ActionVector, after previous: ActionVector, _ configuration: ControllerConfiguration
  ) -> ActionVector {
    var result = ActionVector(repeating: 0)
    let limits = configuration.limits
    for i in 0..<configuration.structure.actionCount {
      let wanted = action[i].isFinite ? action[i] : limits.safe[i]
      let reachable = limited(
        wanted, previous[i] - limits.slewPerTick[i], previous[i] + limits.slewPerTick[i])
      result[i] = limited(reachable, limits.low[i], limits.high[i])
    }
    return result
  }

  /// The action that a verdict leads to when no plan may be executed.
  func fallback(
    after previous: ActionVector, _ configuration: ControllerConfiguration
  ) -> ActionVector {
    switch configuration.guarding.fallback {
    case .safe, .lqr: configuration.limits.safe
    case .hold: previous
    }
  }
}
