public import ReplanCore
public import ReplanHIL
import ReplanRecord

/// One episode to be run.
public struct EpisodeOptions: Sendable {
  /// What drives the plant; the word stands in the episode file and the journal.
  public enum Kind: String, Sendable, Codable {
    case base, mpc
    /// The plant is brought to rest.
    case reset
  }

  public var kind: Kind
  public var mode: Controller.Mode
  /// Ticks after which the episode ends, or samples, if ticks were missed.
  public var maximumTicks: Int
  /// Otherwise an episode of a model is a success if the conditions hold at its end.
  public var stopsOnSuccess: Bool
  public var initialState: InitialState
  /// Whether the episode begins where the plant is; `initialState` then only says what that is.
  public var isInPlace = false
  public var refit: RefitOptions?
  /// Whether plans that leave what the model knows are refused, if the robot file says so; not while
  /// learning, which has to leave it.
  public var keepsToKnown: Bool
  /// Ticks whose deadline admits no planning work at all; a test's way to make the planner late.
  public var ticksWithoutPlanning: Range<Int>
  /// Actions that are played, instead of what `mode` says.
  public private(set) var prepared: PreparedActions?
  /// Whether the episode ends as soon as the state has left the envelope.
  public private(set) var stopsOutsideEnvelope = false

  public init(
    kind: Kind, mode: Controller.Mode, maximumTicks: Int, stopsOnSuccess: Bool = true,
    initialState: InitialState = .rest, refit: RefitOptions? = nil, keepsToKnown: Bool = false,
    ticksWithoutPlanning: Range<Int> = 0..<0
  ) {
    self.kind = kind
    self.mode = mode
    self.maximumTicks = maximumTicks
    self.stopsOnSuccess = stopsOnSuccess
    self.initialState = initialState
    self.refit = refit
    self.keepsToKnown = keepsToKnown
    self.ticksWithoutPlanning = ticksWithoutPlanning
  }

  /// An episode that plays prepared actions once, and ends where the state leaves the envelope.
  public init(
    playing prepared: PreparedActions, maximumTicks: Int = .max, initialState: InitialState = .rest
  ) {
    self.init(
      kind: .base, mode: .explore(prepared.policy),
      maximumTicks: min(maximumTicks, prepared.table.ticks),
      stopsOnSuccess: false, initialState: initialState)
    self.prepared = prepared
    stopsOutsideEnvelope = true
  }

  /// An episode in which the controller brings the plant to rest, as `settling` says.
  ///
  /// - Parameter maximumTicks: those of the robot file's `reset_timeout`.
  public init(settling maximumTicks: Int) {
    self.init(kind: .reset, mode: .settle, maximumTicks: maximumTicks)
    isInPlace = true
  }
}
