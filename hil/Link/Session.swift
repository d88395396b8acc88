public import ReplanWire

/// A session with a plant, from opening the port to disarming.
///
/// `init` performs the first half of hil/PROTOCOL.md's session: heartbeat, description, channel
/// counts, clock and rate. Then, for each episode: `reset`, `arm`, the loop on `link`, `disarm`.
/// These calls block and may allocate; none of them belongs on the control thread while armed.
public final class Session {
  public let link: Link
  public let configuration: SessionConfiguration
  /// What the plant said of itself after clock and rate were set.
  public private(set) var description: PlantDescription

  /// True if the plant sends its cost with each observation.
  public var tellsCost: Bool { description.capabilities.contains(.cost) }

  /// Opens the device and comes to terms with the plant.
  ///
  /// - Throws: every case of `HILError` except those of listing and resetting; the port is closed
  ///   again.
  public init(
    path: String, baud: Int, configuration: SessionConfiguration
  ) throws(HILError) {
    self.configuration = configuration
    link = try Link(path: path, baud: baud, signing: configuration.signing)
    let talk = Conversation(link: link, timing: configuration.timing)
    try talk.awaitHeartbeat()
    let first = try talk.describe()
    try Session.check(first, configuration.channels)
    try talk.command(
      .clock, configuration.clock == .lockstep ? 1 : 0, Float(configuration.rate),
      what: "\(configuration.clock) at \(configuration.rate) Hz")
    description = try talk.describe()
    try Session.check(description, configuration.channels)
    let found = Double(description.sampleRate)
    // The rate travels as a float; a plant may also round its period to whole microseconds.
    guard configuration.rate == 0 || abs(found - configuration.rate) <= 1e-3 * configuration.rate
    else {
      throw .rateMismatch(plant: description.text, wanted: configuration.rate, found: found)
    }
    link.channels = configuration.channels
  }

  private static func check(
    _ description: PlantDescription, _ wanted: ChannelCounts
  ) throws(HILError) {
    let found = ChannelCounts(
      observations: Int(description.observationCount), actions: Int(description.actionCount))
    guard found == wanted else {
      throw .channelMismatch(plant: description.text, wanted: wanted, found: found)
    }
  }

  private var talk: Conversation { Conversation(link: link, timing: configuration.timing) }

  /// Brings the plant to an initial state and waits for its first sample there.
  ///
  /// - Parameter isStopRequested: asked ten times a second; ends the wait with `stopped`.
  /// - Returns: the sample with sequence 0.
  public func reset(
    _ state: InitialState, isStopRequested: () -> Bool = { false }
  ) throws(HILError) -> ObservationMessage {
    try talk.reset(state, isStopRequested: isStopRequested)
  }

  /// Lets actions reach the actuators.
  public func arm() throws(HILError) { try talk.command(.armDisarm, 1, what: "arming") }

  /// Makes the plant apply its safe action, whatever state the session is in.
  ///
  /// - Returns: whether the plant has confirmed it. If not, its watchdog has to do it, or, in lockstep,
  ///   where there is none, the user.
  @discardableResult
  public func disarm() -> Bool {
    do {
      try talk.command(.armDisarm, 0, what: "disarming")
      return true
    } catch {
      return false
    }
  }

  /// Lockstep: sends an action and waits for its observation, repeating the action as needed.
  ///
  /// - Throws: `noReply`, `vanished`, or `stopped` once `isStopRequested` says so.
  public func exchange(
    _ action: ActionMessage, isStopRequested: () -> Bool = { false }
  ) throws(HILError) -> ObservationMessage {
    let timing = configuration.timing
    let outcome = link.exchange(
      action, nanoseconds: nanoseconds(timing.exchange), tries: timing.exchangeTries,
      isStopRequested: isStopRequested)
    switch outcome {
    case .observation(let observation): return observation
    case .silence:
      throw .noReply(
        path: link.path, what: "action \(action.sequence)",
        tries: timing.exchangeTries)
    case .gone: throw talk.vanished
    case .stopped: throw .stopped(path: link.path)
    }
  }
}

extension PlantDescription {
  /// The plant's name.
  public var text: String { string(name) }
}

extension StatusText {
  /// The line of text.
  public var line: String { string(text) }
}

private func string<let count: Int>(_ bytes: InlineArray<count, UInt8>) -> String {
  String(decoding: bytes.indices.map { bytes[$0] }.prefix { $0 != 0 }, as: UTF8.self)
}

/// Whole nanoseconds of a time in seconds.
func nanoseconds(_ seconds: Double) -> Int64 { Int64(max(0, seconds) * 1e9) }
