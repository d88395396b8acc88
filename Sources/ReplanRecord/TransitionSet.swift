/// Transitions (state, action in force, next state), each array row-major.
public struct TransitionSet: Sendable, Equatable {
  public let stateCount: Int
  public let actionCount: Int
  /// Shape [transition, state].
  public private(set) var states: [Float] = []
  /// Shape [transition, action].
  public private(set) var actions: [Float] = []
  /// Shape [transition, state].
  public private(set) var nextStates: [Float] = []

  public init(stateCount: Int, actionCount: Int) {
    self.stateCount = stateCount
    self.actionCount = actionCount
  }

  public var count: Int { states.count / stateCount }

  public mutating func append(state: [Float], action: [Float], nextState: [Float]) {
    precondition(state.count == stateCount && nextState.count == stateCount)
    precondition(action.count == actionCount)
    states += state
    actions += action
    nextStates += nextState
  }

  public mutating func append(_ other: TransitionSet) {
    precondition(other.stateCount == stateCount && other.actionCount == actionCount)
    states += other.states
    actions += other.actions
    nextStates += other.nextStates
  }
}
