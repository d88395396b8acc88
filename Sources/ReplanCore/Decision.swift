/// A decoded measurement; its tick says how fresh it is.
public struct Observation: Sendable {
  /// One value for each state channel, in its unit.
  public var values: StateVector
  /// The controller's tick at which it was the newest.
  public var tick: Int
  /// Samples that the plant took since the observation before, this one included; more than 1 if some
  /// were lost or ticks missed.
  public var elapsedSamples: Int

  @inlinable public init(values: StateVector, tick: Int, elapsedSamples: Int = 1) {
    self.values = values
    self.tick = tick
    self.elapsedSamples = elapsedSamples
  }
}

/// What one tick decided, and the figures that a record of it needs.
public struct Decision: Sendable {
  /// To be sent at the edge of the next sample, or at once: see `OutputTiming`.
  public var action: ActionVector
  public var verdict: Verdict
  /// Units of planning work that ran.
  public var iterations: Int
  /// Cost of the plan over its horizon; not a number where nothing was planned.
  public var planCost: Float
  /// Largest variance across members of a normalised output at the plan's first tick; not a
  /// number where nothing was planned, and for a model of a kind without members.
  public var disagreement: Float
  /// Ticks of the plan, from its first on, that lie within what the model knows; the whole horizon
  /// where the controller was given no bound of disagreement, 0 where nothing was planned.
  public var knownTicks = 0
  /// The state at this tick, as the plan was made from it: the observation where it was accepted,
  /// otherwise a prediction.
  public var estimate = StateVector(repeating: 0)
}
