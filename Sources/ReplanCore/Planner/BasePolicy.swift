import ReplanNumerics

/// The policy that excites the plant before there is a model: π₀.
public enum BasePolicy: Sendable, BitwiseCopyable, Equatable {
  /// An Ornstein-Uhlenbeck process, clipped to the limits.
  ///
  /// - Units: time constant in s; deviation as a fraction of half the action's range.
  /// - Source: Uhlenbeck and Ornstein 1930; the exact discretisation over a tick.
  case ornsteinUhlenbeck(timeConstant: Float, deviation: Float)
  /// Uniform in `amplitude` times the action's range, drawn anew every `ticks` ticks.
  case uniform(amplitude: Float, ticks: Int)
  /// Actions prepared beforehand, the safe one after them.
  case table(ActionTable)
  /// The safe action.
  case safe
}

/// The running state of the base policy.
struct BasePolicyState {
  /// Normalised actions, in units of half the range.
  private var level = ActionVector(repeating: 0)
  private var isStarted = false

  /// - Parameter tick: its length, s.
  mutating func action(
    _ policy: BasePolicy, key: RandomKey, _ limits: LimitTable, safe: ActionVector, tick: Float
  ) -> ActionVector {
    var result = safe
    for i in 0..<limits.actionCount {
      var stream = key.stream(iteration: 0, candidate: 0, channel: i)
      let low = limits.low[i]
      let high = limits.high[i]
      switch policy {
      case .ornsteinUhlenbeck(let timeConstant, let deviation):
        let normal = stream.nextNormals().x
        let decay = exponential(-tick / timeConstant)
        // Starts in the stationary distribution.
        let kept = isStarted ? decay : 0
        level[i] = kept * level[i] + deviation * squareRoot(1 - kept * kept) * normal
        result[i] = 0.5 * (low + high) + 0.5 * (high - low) * limited(level[i], -1, 1)
      case .uniform(let amplitude, let ticks):
        if key.tick % max(ticks, 1) == 0 || !isStarted {
          level[i] = amplitude * (2 * Philox.uniform(stream.next().x) - 1)
        }
        result[i] = 0.5 * (low + high) + 0.5 * (high - low) * level[i]
      case .table(let table):
        let place = key.tick * limits.actionCount + i
        if key.tick >= 0 && key.tick < table.ticks { result[i] = table.actions[place] }
      case .safe: break
      }
    }
    isStarted = true
    return result
  }
}
