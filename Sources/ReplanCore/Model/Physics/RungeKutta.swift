public import ReplanNumerics

/// Integrates a differential equation over one tick, candidates side by side, in fixed memory.
///
/// The classical fourth-order method with equal substeps. The Jacobian is that of the numerical
/// solution, not of the exact one: the chain rule goes through each stage, so a planner's gradient
/// fits its own rollouts to rounding however coarse the step.
///
/// - Source: Kutta 1901. Hairer, Nørsett, Wanner 1993, Solving Ordinary Differential Equations I,
///   section I.14, on derivatives with respect to initial values.
public struct RungeKutta {
  /// Steps a tick.
  public let substeps: Int
  @usableFromInline let seconds: Float
  // One vector: state, action, argument of a stage, its rate, weighted sum of rates.
  @usableFromInline let x: UnsafeMutablePointer<Lanes>
  @usableFromInline let u: UnsafeMutablePointer<Lanes>
  @usableFromInline let y: UnsafeMutablePointer<Lanes>
  @usableFromInline let rate: UnsafeMutablePointer<Lanes>
  @usableFromInline let sum: UnsafeMutablePointer<Lanes>
  // Their derivatives by the first state and the action [S × (S + A)]; the equation's Jacobian.
  @usableFromInline let dx: UnsafeMutablePointer<Lanes>
  @usableFromInline let dy: UnsafeMutablePointer<Lanes>
  @usableFromInline let dRate: UnsafeMutablePointer<Lanes>
  @usableFromInline let dSum: UnsafeMutablePointer<Lanes>
  @usableFromInline let jacobian: UnsafeMutablePointer<Lanes>

  /// - Precondition: `substeps` is 1 or more; `tick` is in seconds.
  public init(
    stateCount: Int, actionCount: Int, substeps: Int, tick: Float, arena: inout Arena
  ) {
    precondition(substeps >= 1, "a tick is integrated in 1 step or more")
    self.substeps = substeps
    seconds = tick / Float(substeps)
    x = arena.lanes(stateCount)
    u = arena.lanes(actionCount)
    y = arena.lanes(stateCount)
    rate = arena.lanes(stateCount)
    sum = arena.lanes(stateCount)
    let entries = stateCount * (stateCount + actionCount)
    dx = arena.lanes(entries)
    dy = arena.lanes(entries)
    dRate = arena.lanes(entries)
    dSum = arena.lanes(entries)
    jacobian = arena.lanes(entries)
  }

  /// The states one tick later.
  ///
  /// - Shapes: state and next [S × vectors], action [A × vectors].
  /// - Precondition: the equation has the counts that the memory was laid out for.
  @inlinable @inline(always)
  public func predict<E: DifferentialEquation>(
    _ equation: E, _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    into next: UnsafeMutablePointer<Lanes>
  ) {
    for v in 0..<vectors {
      for i in 0..<E.stateCount { x[i] = state[i * vectors + v] }
      for i in 0..<E.actionCount { u[i] = action[i * vectors + v] }
      for _ in 0..<substeps {
        for i in 0..<E.stateCount { y[i] = x[i] }
        for stage in 0..<4 {
          equation.rate(at: y, under: u, into: rate)
          advance(E.stateCount, stage)
        }
        for i in 0..<E.stateCount { x[i] = x[i].adding(seconds / 6, times: sum[i]) }
      }
      for i in 0..<E.stateCount { next[i * vectors + v] = x[i] }
    }
  }

  /// Weight of a stage's rate in the sum.
  @inlinable @inline(always)
  func weight(_ stage: Int) -> Float { stage == 0 || stage == 3 ? 1 : 2 }

  /// How far along a stage's rate the next stage's argument lies.
  @inlinable @inline(always)
  func reach(_ stage: Int) -> Float { stage == 2 ? seconds : 0.5 * seconds }

  /// Adds a stage's rate to the sum and sets the next stage's argument.
  @inlinable @inline(always)
  func advance(_ count: Int, _ stage: Int) {
    let (weight, reach) = (weight(stage), reach(stage))
    for i in 0..<count {
      sum[i] = stage == 0 ? rate[i] : sum[i].adding(weight, times: rate[i])
      y[i] = x[i].adding(reach, times: rate[i])
    }
  }
}
