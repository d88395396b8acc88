import ReplanNumerics

/// Looks at every observation before planning and at every action after it.
struct Guard {
  let table: GuardTable
  private let limits: LimitTable
  private let safe: UnsafeMutablePointer<Float>
  private let staleTicks: Int
  private let shiftedTicks: Int
  /// The last observation that was accepted [S].
  private let accepted: UnsafeMutablePointer<Float>
  private var hasAccepted = false
  /// Ticks since the last observation that was accepted.
  private(set) var ticksWithoutObservation = 0
  /// Ticks since the last fresh plan.
  private(set) var ticksWithoutPlan = 0
  /// Ticks of the last plan, from now on, that lie within what the model knows.
  private(set) var knownTicks = Int.max

  init(_ configuration: ControllerConfiguration, _ limits: LimitTable, arena: inout Arena) {
    let structure = configuration.structure
    // What is remembered was judged when it was observed.
    table = GuardTable(stateCount: structure.measuredCount, arena: &arena)
    self.limits = limits
    safe = arena.floats(structure.actionCount)
    accepted = arena.floats(structure.stateCount)
    staleTicks = configuration.guarding.staleTicks
    shiftedTicks = configuration.guarding.shiftedTicks
  }

  /// Fills tables; not on the tick.
  func prepare(_ configuration: ControllerConfiguration) {
    table.prepare(configuration.guarding, configuration.structure, configuration.estimator)
    for i in 0..<limits.actionCount { safe[i] = configuration.limits.safe[i] }
  }

  /// Forgets the last episode.
  mutating func begin() {
    hasAccepted = false
    ticksWithoutObservation = 0
    ticksWithoutPlan = 0
    // The first plan is the safe action throughout.
    knownTicks = .max
  }

  /// Judges the tick's observation: nil if it may be used, otherwise what is wrong with it.
  @inline(always)
  func check(_ observation: borrowing Observation, tick: Int) -> Verdict? {
    guard observation.tick == tick else { return .stale }
    // Ticks that were missed altogether show in the samples' numbers only.
    let elapsed = Float(max(ticksWithoutObservation + 1, observation.elapsedSamples))
    for i in 0..<table.stateCount where table.isObserved[i] {
      let value = observation.values[i]
      guard value.isFinite else { return .notFinite }
      guard value >= table.observationLow[i] && value <= table.observationHigh[i] else {
        return .outOfRange
      }
      guard hasAccepted else { continue }
      let change = value - accepted[i]
      let distance = abs(table.isAngle[i] ? wrappedAngle(change) : change)
      guard distance <= table.step[i] * elapsed else { return .implausible }
    }
    return nil
  }

  /// Counts the tick; true if prediction may stand in for the missing or refused observation.
  @inline(always)
  mutating func mayBridge(_ refusal: Verdict?, _ observation: borrowing Observation) -> Bool {
    ticksWithoutObservation = refusal == nil ? 0 : ticksWithoutObservation + 1
    if refusal == nil {
      for i in 0..<table.stateCount { accepted[i] = observation.values[i] }
      hasAccepted = true
    }
    // From a state that nobody has seen nothing can be predicted.
    return refusal == nil || (hasAccepted && ticksWithoutObservation <= staleTicks)
  }

  /// Counts the tick, whatever comes of it: the last plan is a tick older.
  mutating func age() {
    ticksWithoutPlan += 1
    if knownTicks > 0 && knownTicks < .max { knownTicks -= 1 }
  }

  /// True if the last plan may be followed instead of a fresh one: for a few ticks, and only as far
  /// as it is known.
  var mayFollow: Bool { ticksWithoutPlan <= shiftedTicks && knownTicks > 0 }

  /// Notes how much of a fresh plan is known; none of one that was refused.
  mutating func know(_ ticks: Int) {
    ticksWithoutPlan = 0
    knownTicks = ticks
  }

  func isInsideEnvelope(_ state: UnsafePointer<Float>) -> Bool {
    for i in 0..<table.stateCount {
      // Written so that a value that is not a number is outside.
      guard state[i] >= table.envelopeLow[i] && state[i] <= table.envelopeHigh[i] else {
        return false
      }
    }
    return true
  }

  /// An action inside limits and slew; a value that is not finite becomes the safe one first.
  @inline(always)
  func limit(_ action: ActionVector, after previous: ActionVector) -> ActionVector {
    var result = ActionVector(repeating: 0)
    for i in 0..<limits.actionCount {
      let wanted = action[i].isFinite ? action[i] : safe[i]
      let reachable = limited(wanted, previous[i] - limits.slew[i], previous[i] + limits.slew[i])
      result[i] = limited(reachable, limits.low[i], limits.high[i])
    }
    return result
  }
}
