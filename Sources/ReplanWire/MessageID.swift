/// The messages of `hil/replan.xml` that Replan understands, by their number on the wire.
public enum MessageID: UInt32, Sendable {
  case heartbeat = 0
  case commandLong = 76
  case commandAck = 77
  case timesync = 111
  case statusText = 253
  case plantDescription = 53000
  case observation = 53001
  case action = 53002

  /// The byte that closes the checksum: a hash of the message's base fields, so that two ends with
  /// different definitions refuse each other's frames. Generated from the dialect; the tests compare.
  public var checksumSeed: UInt8 {
    switch self {
    case .heartbeat: 50
    case .commandLong: 152
    case .commandAck: 143
    case .timesync: 34
    case .statusText: 83
    case .plantDescription: 113
    case .observation: 153
    case .action: 46
    }
  }

  /// Bytes of the payload with all its extensions, before trailing zeros are cut off.
  public var payloadCapacity: Int {
    switch self {
    case .heartbeat: 9
    case .commandLong: 33
    case .commandAck: 10
    case .timesync: 18
    case .statusText: 54
    case .plantDescription: 44
    case .observation: 150
    case .action: 82
    }
  }
}
