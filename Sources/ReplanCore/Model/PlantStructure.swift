/// What is declared about a plant's channels, and therefore need not be learned.
///
/// The state is the vector of observation channels and, where those do not tell all, of their past
/// values and past actions: the memory. A robot file declares the structure, a model file repeats
/// it, and a controller refuses a model whose structure is not its own.
///
/// - Units: SI and radians; `tick` in seconds.
public struct PlantStructure: Sendable {
  /// How a state channel behaves and enters the network.
  public struct StateChannel: Sendable, BitwiseCopyable, Equatable {
    /// An angle is periodic: the network sees its sine and cosine, differences are wrapped.
    public var isAngle: Bool
    /// Nothing depends on an invariant channel, so the network does not see it.
    public var isInvariant: Bool
    /// Index of the velocity channel that integrates into this one; -1 if it is predicted itself.
    public var velocity: Int
    /// -1 if the channel changes its sign in the mirrored plant, otherwise 1.
    public var mirror: Float
    /// What a memory repeats one tick later: a state channel that stands before it, or, counted on
    /// from the last state channel, an action; -1 if the channel is measured.
    public var repeats: Int

    public init(
      isAngle: Bool = false, isInvariant: Bool = false, velocity: Int = -1, mirror: Float = 1,
      repeats: Int = -1
    ) {
      self.isAngle = isAngle
      self.isInvariant = isInvariant
      self.velocity = velocity
      self.mirror = mirror
      self.repeats = repeats
    }

    /// True if the channel is the integral of a velocity channel rather than a network output.
    @inlinable public var isIntegrated: Bool { velocity >= 0 }
    /// True if the channel is a past value of another channel or of an action.
    @inlinable public var isMemory: Bool { repeats >= 0 }
    /// True if a model has to say how the channel changes.
    @inlinable public var isPredicted: Bool { !isIntegrated && !isMemory }
  }

  public var stateCount: Int
  public var actionCount: Int
  /// Seconds between two transitions of the model.
  public var tick: Float
  /// The first `stateCount` entries count.
  public var states: InlineArray<32, StateChannel>
  /// -1 where an action changes its sign in the mirrored plant.
  public var actionMirror: ActionVector
  /// True if the mirrored plant obeys the same dynamics.
  public var isSymmetric: Bool

  public init(stateCount: Int, actionCount: Int, tick: Float) {
    precondition(
      stateCount >= 1 && stateCount <= Capacity.states, "1 to 32 state channels are supported")
    precondition(
      actionCount >= 1 && actionCount <= Capacity.actions, "1 to 16 action channels are supported")
    precondition(tick > 0, "a tick lasts longer than 0 s")
    self.stateCount = stateCount
    self.actionCount = actionCount
    self.tick = tick
    self.states = InlineArray(repeating: StateChannel())
    self.actionMirror = InlineArray(repeating: 1)
    self.isSymmetric = false
  }

  /// Network inputs: two for each angle and one for each other channel that is not invariant, in
  /// the order of the channels (sine before cosine), then the actions. A memory of a state channel
  /// enters as its distance from what it repeats, wrapped for an angle: past values are nearly the
  /// present one, and what they tell is the difference.
  public var inputCount: Int {
    var count = actionCount
    for i in 0..<stateCount where !states[i].isInvariant {
      count += states[i].isAngle && !states[i].isMemory ? 2 : 1
    }
    return count
  }

  /// True if a state channel enters the network as its distance from what it repeats; a past action
  /// enters as it is.
  public func isDifference(_ i: Int) -> Bool {
    guard states[i].isMemory else { return false }
    var source = states[i].repeats
    while source < stateCount && states[source].isMemory { source = states[source].repeats }
    return source < stateCount
  }

  /// Predicted changes of state: one for each channel that is neither integrated nor a memory, in
  /// channel order.
  public var outputCount: Int {
    var count = 0
    for i in 0..<stateCount where states[i].isPredicted { count += 1 }
    return count
  }

  /// Channels that are measured; those of memory stand behind them.
  public var measuredCount: Int {
    var count = 0
    for i in 0..<stateCount where !states[i].isMemory { count += 1 }
    return count
  }
}
