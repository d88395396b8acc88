/// What others may see of the newest plan.
extension Controller {
  /// Copies the state at which the newest plan starts, and the plan.
  ///
  /// - Shapes: state [S], actions [horizon × A], row-major.
  /// - Timing: O(S + horizon·A); no allocation, lock or C call.
  @_noAllocation @_noLocks
  public func copyPlan(
    state: UnsafeMutablePointer<Float>, actions: UnsafeMutablePointer<Float>
  ) {
    for i in 0..<settings.stateCount { state[i] = start[i] }
    let plan = planner.plan
    for k in 0..<plan.count { actions[k] = plan.actions[k] }
  }

  /// The bound that `bound(disagreement:)` has set.
  public var disagreementBound: Float { gate }

  /// The block of parameters in use; nil before the first.
  public var parameters: UnsafePointer<Float>? { model.parameters }
}
