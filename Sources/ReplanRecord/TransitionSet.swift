/// Transitions (state, action in force, next state, cost measured there), each array row-major.
public struct TransitionSet: Sendable {
  public let stateCount: Int
  public let actionCount: Int
  /// Shape [transition, state].
  public private(set) var states: [Float] = []
  /// Shape [transition, action].
  public private(set) var actions: [Float] = []
  /// Shape [transition, state].
  public private(set) var nextStates: [Float] = []
  /// The cost that the plant measured at the next state; not a number where it told none. Shape
  /// [transition].
  public private(set) var costs: [Float] = []

  public init(stateCount: Int, actionCount: Int) {
    self.stateCount = stateCount
    self.actionCount = actionCount
  }

  public var count: Int { states.count / stateCount }

  /// True if every transition has a cost.
  public var hasCosts: Bool { costs.allSatisfy(\.isFinite) }

  /// The transitions that have a cost.
  public var withCosts: TransitionSet {
    hasCosts ? self : rows((0..<count).filter { costs[$0].isFinite })
  }

  /// Some of the transitions, in the order given.
  public func rows(_ rows: [Int]) -> TransitionSet {
    var result = TransitionSet(stateCount: stateCount, actionCount: actionCount)
    result.states.reserveCapacity(rows.count * stateCount)
    result.nextStates.reserveCapacity(rows.count * stateCount)
    for i in rows {
      result.states += states[i * stateCount..<(i + 1) * stateCount]
      result.actions += actions[i * actionCount..<(i + 1) * actionCount]
      result.nextStates += nextStates[i * stateCount..<(i + 1) * stateCount]
      result.costs.append(costs[i])
    }
    return result
  }

  /// - Parameter cost: one that is not finite counts as none.
  public mutating func append(
    state: [Float], action: [Float], nextState: [Float], cost: Float = .nan
  ) {
    precondition(state.count == stateCount && nextState.count == stateCount)
    precondition(action.count == actionCount)
    states += state
    actions += action
    nextStates += nextState
    costs.append(cost.isFinite ? cost : .nan)
  }

  public mutating func append(_ other: TransitionSet) {
    precondition(other.stateCount == stateCount && other.actionCount == actionCount)
    states += other.states
    actions += other.actions
    nextStates += other.nextStates
    costs += other.costs
  }
}

extension TransitionSet: Equatable {
  /// Equal values; where neither has a cost, the costs are equal.
  public static func == (a: TransitionSet, b: TransitionSet) -> Bool {
    a.stateCount == b.stateCount && a.actionCount == b.actionCount && a.states == b.states
      && a.actions == b.actions && a.nextStates == b.nextStates
      && a.costs.elementsEqual(b.costs) { $0 == $1 || ($0.isNaN && $1.isNaN) }
  }
}
