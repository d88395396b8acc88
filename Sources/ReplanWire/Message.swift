/// A message in or out of a frame.
public enum Message: Sendable {
  case heartbeat(Heartbeat)
  case timesync(Timesync)
  case commandLong(CommandLong)
  case commandAck(CommandAck)
  case statusText(StatusText)
  case plantDescription(PlantDescription)
  case observation(ObservationMessage)
  case action(ActionMessage)

  public var id: MessageID {
    switch self {
    case .heartbeat: .heartbeat
    case .timesync: .timesync
    case .commandLong: .commandLong
    case .commandAck: .commandAck
    case .statusText: .statusText
    case .plantDescription: .plantDescription
    case .observation: .observation
    case .action: .action
    }
  }

  /// Decodes a frame's payload. Every payload of a known message has a meaning on this level;
  /// counts and values are checked by whoever uses them.
  @_noAllocation @_noLocks
  public init(_ frame: Frame) {
    var fields = PayloadReader(frame.payload)
    switch frame.header.id {
    case .heartbeat: self = .heartbeat(Heartbeat(&fields))
    case .timesync: self = .timesync(Timesync(&fields))
    case .commandLong: self = .commandLong(CommandLong(&fields))
    case .commandAck: self = .commandAck(CommandAck(&fields))
    case .statusText: self = .statusText(StatusText(&fields))
    case .plantDescription: self = .plantDescription(PlantDescription(&fields))
    case .observation: self = .observation(ObservationMessage(&fields))
    case .action: self = .action(ActionMessage(&fields))
    }
  }

  /// Writes the message as one frame, unsigned or with room for a signature (see `Frame.encode`).
  ///
  /// - Precondition: `bytes` holds `Frame.maximumLength` bytes.
  /// - Returns: the number of bytes written.
  @_noAllocation @_noLocks
  public func encode(
    sequence: UInt8, source: Address, into bytes: UnsafeMutableRawBufferPointer,
    leavingRoomToSign leavesRoom: Bool = false
  ) -> Int {
    Frame(self, sequence: sequence, source: source)
      .encode(into: bytes, leavingRoomToSign: leavesRoom)
  }
}

extension Frame {
  /// The frame that carries `message`.
  @_noAllocation @_noLocks
  public init(_ message: Message, sequence: UInt8, source: Address) {
    header = Header(id: message.id, sequence: sequence, source: source)
    var fields = PayloadWriter()
    switch message {
    case .heartbeat(let m): m.write(to: &fields)
    case .timesync(let m): m.write(to: &fields)
    case .commandLong(let m): m.write(to: &fields)
    case .commandAck(let m): m.write(to: &fields)
    case .statusText(let m): m.write(to: &fields)
    case .plantDescription(let m): m.write(to: &fields)
    case .observation(let m): m.write(to: &fields)
    case .action(let m): m.write(to: &fields)
    }
    payload = fields.bytes
  }
}
