/// The actuators' limits as the planners read them, in the arena; each [A].
struct LimitTable {
  let actionCount: Int
  let low: UnsafeMutablePointer<Float>
  let high: UnsafeMutablePointer<Float>
  /// Largest change from one tick to the next.
  let slew: UnsafeMutablePointer<Float>
  /// Half the range: the unit of noise and of scaled actions.
  let half: UnsafeMutablePointer<Float>

  init(actionCount: Int, arena: inout Arena) {
    self.actionCount = actionCount
    low = arena.floats(actionCount)
    high = arena.floats(actionCount)
    slew = arena.floats(actionCount)
    half = arena.floats(actionCount)
  }

  /// Fills the table; not on the tick.
  func prepare(_ limits: ActionLimits) {
    for i in 0..<actionCount {
      low[i] = limits.low[i]
      high[i] = limits.high[i]
      slew[i] = limits.slewPerTick[i]
      half[i] = 0.5 * (limits.high[i] - limits.low[i])
    }
  }
}
