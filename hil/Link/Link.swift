public import ReplanSigning
public import ReplanWire

/// The wire between one controller and one plant: frames in, frames out, and what keeps the line
/// alive in between.
///
/// Made before arming; after that `drain`, `send`, `service` and `wait` neither allocate nor lock, so
/// the control thread may call them. It is used by one thread at a time: the session's before and
/// after an episode, the control thread's during one. `disarmFromAnywhere` alone may be called beside.
public final class Link: @unchecked Sendable {
  // SAFETY: unchecked, because a hand-over between threads is ordered by their creation and joining;
  // `disarmFromAnywhere` touches only the immutable port and `signing`.

  /// What became of a frame that was to be sent.
  public enum Sent: Equatable, Sendable {
    case sent
    /// The system's buffer is full: the line is slower than what is sent, or blocked.
    case dropped
    case gone
  }

  /// What has gone wrong on the line since it was opened; all wrap around.
  public struct Counters: Sendable {
    /// What the parser saw.
    public var frames = FrameParser.Counters()
    /// Frames refused for their signature, if the line is signed.
    public var refusedFrames = RefusedFrames()
    /// Observations refused for their number of channels.
    public var wrongCount: UInt32 = 0
    /// Observations with a value that is infinite or not a number.
    public var notFinite: UInt32 = 0
    /// Observations refused because a newer one, or the same, had come before.
    public var stale: UInt32 = 0
    /// Samples that the observations' sequence shows as lost.
    public var lostSamples: UInt32 = 0
    public var retransmissions: UInt32 = 0
    public var droppedFrames: UInt32 = 0
    public var bytesIn: UInt64 = 0
    /// What the system has taken to be sent; a frame that only waits for it does not count.
    public var bytesOut: UInt64 = 0
    public var framesOut: UInt32 = 0
  }

  let port: SerialPort
  let signing: LineSigning?
  /// In the port's place if the line is signed.
  let signedLine: SignedLine?
  /// Whether a signed frame came that nobody could verify for want of a key.
  var hasHeardSigned = false
  public var path: String { port.path }
  public var baud: Int { port.baud }

  /// The plant's address, learned from its heartbeat.
  public internal(set) var peer: Address?
  /// Channels that observations and actions must have; set once the description was agreed upon.
  public internal(set) var channels: ChannelCounts?
  public internal(set) var clockOffset = ClockOffset()
  /// When the last frame of the plant came, ns on the monotonic clock; 0: none yet.
  public internal(set) var lastHeardNanoseconds: Int64 = 0
  /// The system's number for what ended the line, once it has ended.
  public internal(set) var endedBy: Int32?

  var parser = FrameParser()
  var tallies = Counters()
  var inbox = Inbox()
  /// Faults injected on purpose; almost always none.
  var faults: LinkFaults?
  var lastSequence: UInt32?
  /// Plant clock and arming of the last observation.
  var lastPlantTime: UInt64 = 0
  var lastWasArmed = false
  var lastActionSequence: UInt32 = 0
  var nextHeartbeatNanoseconds: Int64 = 0
  private var frameSequence: UInt8 = 0
  /// Whether the last read has taken all there was.
  private var hasReadAll = false
  private let incoming = UnsafeMutableRawBufferPointer.allocate(byteCount: 512, alignment: 8)
  private let outgoing = UnsafeMutableRawBufferPointer.allocate(
    byteCount: 2 * Frame.maximumLength, alignment: 8)
  /// The part of `outgoing` that the system has not taken yet.
  private var unsent = 0..<0

  /// - Parameter signing: signs what is sent, and refuses what is not signed.
  public init(path: String, baud: Int, signing: LineSigning? = nil) throws(HILError) {
    port = try SerialPort(path: path, baud: baud)
    self.signing = signing
    signedLine =
      if let signing {
        try SignedLine(signing, descriptor: port.descriptor, path: path)
      } else { nil }
  }

  deinit {
    signedLine?.stop()
    incoming.deallocate()
    outgoing.deallocate()
  }

  public var counters: Counters {
    var all = tallies
    all.frames = parser.counters
    if let signedLine { signedLine.figures.add(to: &all) }
    return all
  }

  /// Waits until bytes have come, the device is gone, or `nanoseconds` have passed.
  public func wait(nanoseconds: Int64) -> Bool {
    if let faults { return wait(nanoseconds, faults) }
    return waitForLine(nanoseconds: nanoseconds)
  }

  /// The next frame that has come, if any, without waiting.
  func receive() -> Frame? {
    while true {
      switch parser.next() {
      case .frame(let frame): return frame
      case .version1: inbox.hasHeardVersion1 = true
      case .badChecksum, .unknownMessage, .unknownFlags: break
      case .needMore:
        if let faults, parseNext(faults) { continue }
        if hasReadAll {
          hasReadAll = false
          return nil
        }
        switch readLine(into: incoming) {
        case .bytes(let count):
          // A read that left room took all there was. Another one would find nothing, and for that the
          // kernel first waits for its own worker, which has no real-time priority.
          // A line that is signed gives one frame at a time.
          hasReadAll = signedLine == nil && count < incoming.count
          tallies.bytesIn &+= UInt64(count)
          let bytes = UnsafeRawBufferPointer(rebasing: incoming[..<count])
          // The parser holds less than a frame now, so it has room for all of them.
          if let faults { faults.receive(bytes) } else { _ = parser.append(bytes) }
        case .wouldBlock: return nil
        case .gone(let reason):
          endedBy = reason
          return nil
        }
      }
    }
  }

  /// Sends one message, or none of it.
  @discardableResult
  public func send(_ message: Message) -> Sent {
    flush()
    if endedBy != nil { return .gone }
    guard unsent.isEmpty else {
      tallies.droppedFrames &+= 1
      return .dropped
    }
    let count = message.encode(
      sequence: frameSequence, source: .controller,
      into: UnsafeMutableRawBufferPointer(rebasing: outgoing[..<Frame.maximumLength]),
      leavingRoomToSign: signing != nil)
    frameSequence &+= 1
    if let faults {
      if message.disarms { faults.pause() }
      faults.send(UnsafeRawBufferPointer(rebasing: outgoing[..<count]))
      sendDue(faults)
      return endedBy == nil ? .sent : .gone
    }
    unsent = 0..<count
    flush()
    return endedBy == nil ? .sent : .gone
  }

  /// Writes what the system would not take before; half a frame must never be followed by another.
  ///
  /// - Returns: whether all is written.
  @discardableResult
  func flush() -> Bool {
    while !unsent.isEmpty && endedBy == nil {
      switch writeLine(UnsafeRawBufferPointer(rebasing: outgoing[unsent])) {
      case .bytes(let count):
        tallies.bytesOut &+= UInt64(count)
        unsent = unsent.lowerBound + count..<unsent.upperBound
        if unsent.isEmpty { tallies.framesOut &+= 1 }
        if count == 0 { return false }
      case .wouldBlock: return false
      case .gone(let reason): endedBy = reason
      }
    }
    return endedBy == nil
  }

  /// What is to be written next, once the last is.
  func load(_ bytes: UnsafeRawBufferPointer) {
    for i in 0..<bytes.count { outgoing[i] = bytes[i] }
    unsent = 0..<bytes.count
  }

  /// Tells the plant to disarm, three times, without waiting for an answer; for a thread that does
  /// not own the link, as when the program is being stopped.
  public func disarmFromAnywhere() {
    withUnsafeTemporaryAllocation(byteCount: Frame.maximumLength, alignment: 8) { bytes in
      for confirmation: UInt8 in 0..<3 {
        let command = CommandLong(.armDisarm, 0, target: .everyone, confirmation: confirmation)
        let count = Message.commandLong(command).encode(
          sequence: confirmation, source: .controller, into: bytes,
          leavingRoomToSign: signing != nil)
        signing?.signer.sign(UnsafeMutableRawBufferPointer(rebasing: bytes[..<count]))
        _ = port.write(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
      }
    }
  }
}
