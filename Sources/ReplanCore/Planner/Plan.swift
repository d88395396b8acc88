/// One action for each tick of the horizon [horizon × A].
struct Plan {
  let horizon: Int
  let actionCount: Int
  let actions: UnsafeMutablePointer<Float>

  init(horizon: Int, actionCount: Int, arena: inout Arena) {
    self.horizon = horizon
    self.actionCount = actionCount
    actions = arena.floats(horizon * actionCount)
  }

  /// Numbers in the plan.
  var count: Int { horizon * actionCount }

  func fill(_ action: ActionVector) {
    for t in 0..<horizon {
      for i in 0..<actionCount { actions[t * actionCount + i] = action[i] }
    }
  }

  /// Moves on by one tick; the last action is repeated.
  func shift() {
    for k in 0..<((horizon - 1) * actionCount) { actions[k] = actions[k + actionCount] }
  }

  /// The action of tick `t` of the plan.
  func action(_ t: Int) -> ActionVector {
    var action = ActionVector(repeating: 0)
    for i in 0..<actionCount { action[i] = actions[t * actionCount + i] }
    return action
  }
}
