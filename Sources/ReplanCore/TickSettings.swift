/// The few numbers of a configuration that every tick reads; tables lie in the arena.
struct TickSettings {
  let stateCount: Int
  let actionCount: Int
  /// Length of a tick, s.
  let duration: Float
  let seed: UInt64
  let timing: OutputTiming
  /// Ticks from now that a plan has to lie within what the model knows.
  let knownTicks: Int
  let fallback: Fallback
  /// Ticks that a plan is executed for before another is made.
  let executedTicks: Int
  let safe: ActionVector

  init(_ configuration: ControllerConfiguration) {
    stateCount = configuration.structure.stateCount
    actionCount = configuration.structure.actionCount
    duration = configuration.structure.tick
    seed = configuration.seed
    timing = configuration.timing
    knownTicks = configuration.guarding.knownTicks
    fallback = configuration.guarding.fallback
    executedTicks = configuration.executedTicks
    safe = configuration.limits.safe
  }
}
