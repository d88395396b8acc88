/// An unbroken run of samples at a model's tick: the states, and the actions in force between them.
///
/// Where transitions stand alone, a trajectory keeps their order: what is judged over more than one
/// tick, or knows a past, needs it. A sample that is missing in mid-run may be kept as not-a-number
/// in all channels, so that its neighbours stay one run; nothing starts or is judged there.
public struct Trajectory: Sendable, Equatable {
  public let stateCount: Int
  public let actionCount: Int
  /// Shape [sample, state].
  public private(set) var states: [Float]
  /// The action in force from each sample to the next. Shape [sample - 1, action].
  public private(set) var actions: [Float] = []

  /// - Shapes: state [state].
  public init(actionCount: Int, start state: [Float]) {
    precondition(!state.isEmpty && actionCount > 0)
    stateCount = state.count
    self.actionCount = actionCount
    states = state
  }

  /// Transitions; samples are one more.
  public var count: Int { actions.count / actionCount }

  /// - Shapes: action [action], in force until `state` [state].
  public mutating func append(action: [Float], state: [Float]) {
    precondition(action.count == actionCount && state.count == stateCount)
    actions += action
    states += state
  }

  public func state(_ sample: Int) -> ArraySlice<Float> {
    states[sample * stateCount..<(sample + 1) * stateCount]
  }

  public func action(_ sample: Int) -> ArraySlice<Float> {
    actions[sample * actionCount..<(sample + 1) * actionCount]
  }

  /// True unless the sample is missing.
  public func isPresent(_ sample: Int) -> Bool { state(sample).allSatisfy(\.isFinite) }
}

extension TransitionSet {
  /// The transitions of trajectories in order, without those that touch a missing sample.
  public init(stateCount: Int, actionCount: Int, _ trajectories: [Trajectory]) {
    self.init(stateCount: stateCount, actionCount: actionCount)
    for trajectory in trajectories {
      for k in 0..<trajectory.count
      where trajectory.isPresent(k) && trajectory.isPresent(k + 1) {
        append(
          state: Array(trajectory.state(k)), action: Array(trajectory.action(k)),
          nextState: Array(trajectory.state(k + 1)))
      }
    }
  }
}
