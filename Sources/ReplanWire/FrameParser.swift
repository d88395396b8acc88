/// Finds frames in a stream of bytes that comes in pieces of any size.
///
/// Bytes go in with `append`, outcomes come out of `next` until it says `needMore`:
/// ```
/// var rest = received
/// while !rest.isEmpty {
///   rest = parser.append(rest)
///   while true {
///     let outcome = parser.next()
///     guard outcome.isProgress else { break }
///     if case .frame(let frame) = outcome { use(Message(frame)) }
///   }
/// }
/// ```
/// A frame that turns out to be none is left one byte at a time, so that a frame that starts inside
/// it is not lost. A message that is not in the dialect has no known checksum and is left in the same
/// way; so is one with an unknown incompatibility flag, as MAVLink demands.
public struct FrameParser: Sendable {
  public enum Outcome: Sendable {
    /// All bytes have been looked at; at most a part of a frame is waiting.
    case needMore
    case frame(Frame)
    case badChecksum
    /// A frame of a message that the dialect does not know, or noise that resembles one.
    case unknownMessage(UInt32)
    /// A flag that changes the framing in a way unknown here.
    case unknownFlags(UInt8)
    /// A HEARTBEAT of the protocol's first version: the other side speaks MAVLink 1.
    case version1

    @inlinable public var isProgress: Bool {
      if case .needMore = self { false } else { true }
    }
  }

  /// What has come by since the start; all wrap around.
  public struct Counters: Sendable {
    public var frames: UInt32 = 0
    public var badChecksums: UInt32 = 0
    public var unknownMessages: UInt32 = 0
    public var skippedBytes: UInt32 = 0
    /// Frames that a jump in the sender's sequence shows as lost.
    public var lostFrames: UInt32 = 0

    public init() {}
  }

  public private(set) var counters = Counters()
  private var bytes = InlineArray<1024, UInt8>(repeating: 0)
  private var start = 0
  private var end = 0
  /// Bytes before `start` that are those of the last frame, as long as nothing else has happened.
  private var lastLength = 0
  /// Sender and sequence of the last frame; none after a message that may have used a sequence.
  private var last: Frame.Header?

  public init() {}

  /// Takes as many of the bytes as fit; `next` makes room for the rest.
  ///
  /// - Returns: the bytes not taken: none if `next` last said `needMore` and there are no more than
  ///   700 of them.
  @_noAllocation @_noLocks
  public mutating func append(_ new: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    if start > 0 {
      for i in start..<end { bytes[i &- start] = bytes[i] }
      end &-= start
      start = 0
      lastLength = 0
    }
    let count = min(new.count, 1024 &- end)
    for i in 0..<count { bytes[end &+ i] = new[i] }
    end &+= count
    return UnsafeRawBufferPointer(rebasing: new[count...])
  }

  /// Forgets what is waiting, as after a time in which nobody listened.
  public mutating func discard() {
    start = 0
    end = 0
    lastLength = 0
    last = nil
  }

  /// Copies the bytes of the frame that `next` has just given, as they came, signature included.
  ///
  /// - Precondition: `copy` holds `Frame.maximumLength` bytes.
  /// - Returns: the number of bytes; 0 if `next` gave no frame, or bytes were appended since.
  @_noAllocation @_noLocks
  public func copyLastFrame(into copy: UnsafeMutableRawBufferPointer) -> Int {
    precondition(copy.count >= Frame.maximumLength)
    for i in 0..<lastLength { copy[i] = bytes[start &- lastLength &+ i] }
    return lastLength
  }

  /// Takes the last frame for none, as when its signature is wrong: what starts inside it is looked
  /// for. A frame whose end was cut off has the beginning of the next in its signature's place.
  ///
  /// - Precondition: `next` has just given a frame.
  @_noAllocation @_noLocks
  public mutating func reconsiderLastFrame() {
    guard lastLength > 0 else { return }
    start &-= lastLength &- 1
    lastLength = 0
    counters.frames &-= 1
    counters.skippedBytes &+= 1
    last = nil
  }

  /// Looks at the waiting bytes up to the next thing worth telling.
  @_noAllocation @_noLocks
  public mutating func next() -> Outcome {
    lastLength = 0
    while start < end {
      switch bytes[start] {
      case Frame.magic: return nextFrame()
      case 0xFE:
        switch isVersion1Heartbeat() {
        case nil: return .needMore
        case true?:
          start &+= 17
          return .version1
        case false?: skip()
        }
      default: skip()
      }
    }
    return .needMore
  }

  private mutating func skip() {
    start &+= 1
    counters.skippedBytes &+= 1
  }

  /// Judges the frame that seems to start here, at the earliest byte that decides.
  private mutating func nextFrame() -> Outcome {
    guard waiting >= 3 else { return .needMore }
    let flags = self[2]
    guard flags & ~Frame.signedFlag == 0 else {
      skip()
      return .unknownFlags(flags)
    }
    guard waiting >= Frame.headerLength else { return .needMore }
    let number = Int(self[7]) | Int(self[8]) &<< 8 | Int(self[9]) &<< 16
    let id32 = UInt32(truncatingIfNeeded: number)
    guard let id = MessageID(rawValue: id32) else {
      skip()
      counters.unknownMessages &+= 1
      last = nil
      return .unknownMessage(id32)
    }
    let count = Int(self[1])
    let isSigned = flags == Frame.signedFlag
    guard waiting >= Frame.length(payloadLength: count, signed: isSigned) else { return .needMore }
    guard hasRightChecksum(id, payloadLength: count) else {
      skip()
      counters.badChecksums &+= 1
      return .badChecksum
    }
    return .frame(take(id, payloadLength: count, isSigned: isSigned))
  }

  private func hasRightChecksum(_ id: MessageID, payloadLength count: Int) -> Bool {
    var checksum = Checksum()
    let end = Frame.headerLength &+ count
    for i in 1..<end { checksum.add(self[i]) }
    checksum.add(id.checksumSeed)
    return self[end] == UInt8(truncatingIfNeeded: checksum.value)
      && self[end &+ 1] == UInt8(truncatingIfNeeded: checksum.value &>> 8)
  }

  private mutating func take(_ id: MessageID, payloadLength count: Int, isSigned: Bool) -> Frame {
    let header = Frame.Header(
      id: id, sequence: self[4], source: Address(system: self[5], component: self[6]),
      isSigned: isSigned)
    var frame = Frame(header: header, payload: InlineArray(repeating: 0))
    // Bytes past the definition known here are extensions of a newer one.
    for i in 0..<min(count, id.payloadCapacity) {
      frame.payload[i] = self[Frame.headerLength &+ i]
    }
    lastLength = Frame.length(payloadLength: count, signed: isSigned)
    start &+= lastLength
    counters.frames &+= 1
    if let last, last.source == header.source {
      counters.lostFrames &+= UInt32(truncatingIfNeeded: Int(header.sequence &- last.sequence &- 1))
    }
    last = header
    return frame
  }

  /// Whether a whole MAVLink 1 HEARTBEAT starts here; `nil` while it still could.
  private func isVersion1Heartbeat() -> Bool? {
    guard waiting > 1 else { return nil }
    guard self[1] == 9 else { return false }
    guard waiting > 5 else { return nil }
    guard self[5] == 0 else { return false }
    guard waiting >= 17 else { return nil }
    var checksum = Checksum()
    for i in 1..<15 { checksum.add(self[i]) }
    checksum.add(MessageID.heartbeat.checksumSeed)
    return self[15] == UInt8(truncatingIfNeeded: checksum.value)
      && self[16] == UInt8(truncatingIfNeeded: checksum.value &>> 8)
  }

  private var waiting: Int { end &- start }

  private subscript(offset: Int) -> UInt8 { bytes[start &+ offset] }
}
