/// One MAVLink 2 frame whose checksum was right, or that is about to be encoded.
///
/// Signatures are recognised, neither made nor verified: that takes a hash, which is not for this
/// module. `encode` leaves room for one, and `FrameParser.copyLastFrame` gives what to verify.
public struct Frame: Sendable {
  /// What precedes the payload.
  public struct Header: Equatable, Sendable {
    public var id: MessageID
    public var sequence: UInt8
    public var source: Address
    public var isSigned: Bool

    public init(id: MessageID, sequence: UInt8, source: Address, isSigned: Bool = false) {
      self.id = id
      self.sequence = sequence
      self.source = source
      self.isSigned = isSigned
    }
  }

  public var header: Header
  /// The payload in the order of the wire; zero where trailing zeros were cut off.
  var payload: InlineArray<256, UInt8>

  static var magic: UInt8 { 0xFD }
  /// The only incompatibility flag there is: 13 bytes of signature follow the checksum.
  static var signedFlag: UInt8 { 0x01 }
  static var headerLength: Int { 10 }
  static var checksumLength: Int { 2 }
  /// Bytes of a signature: link 1, timestamp 6, the first of the hash 6.
  public static var signatureLength: Int { 13 }
  /// The longest frame MAVLink 2 admits, in bytes.
  public static var maximumLength: Int {
    headerLength + 255 + checksumLength + signatureLength
  }

  /// Bytes of a frame around a payload of `payloadLength` bytes.
  public static func length(payloadLength: Int, signed: Bool) -> Int {
    headerLength + payloadLength + checksumLength + (signed ? signatureLength : 0)
  }

  /// Bytes of payload that travel: trailing zeros do not, but one byte always does.
  var truncatedLength: Int {
    var count = header.id.payloadCapacity
    while count > 1 && payload[count &- 1] == 0 { count &-= 1 }
    return count
  }

  /// Writes the frame.
  ///
  /// - Parameter leavesRoom: says in the header that the frame is signed, and ends it with room for
  ///   the signature, zeros, that the caller fills in.
  /// - Precondition: `bytes` holds `Frame.maximumLength` bytes.
  /// - Returns: the number of bytes written, the room included.
  @_noAllocation @_noLocks
  public func encode(
    into bytes: UnsafeMutableRawBufferPointer, leavingRoomToSign leavesRoom: Bool = false
  ) -> Int {
    precondition(bytes.count >= Frame.maximumLength)
    let count = truncatedLength
    let id = header.id.rawValue
    bytes[0] = Frame.magic
    bytes[1] = UInt8(truncatingIfNeeded: count)
    bytes[2] = leavesRoom ? Frame.signedFlag : 0
    bytes[3] = 0
    bytes[4] = header.sequence
    bytes[5] = header.source.system
    bytes[6] = header.source.component
    bytes[7] = UInt8(truncatingIfNeeded: id)
    bytes[8] = UInt8(truncatingIfNeeded: id &>> 8)
    bytes[9] = UInt8(truncatingIfNeeded: id &>> 16)
    var checksum = Checksum()
    for i in 1..<Frame.headerLength { checksum.add(bytes[i]) }
    for i in 0..<count {
      bytes[Frame.headerLength &+ i] = payload[i]
      checksum.add(payload[i])
    }
    checksum.add(header.id.checksumSeed)
    let end = Frame.headerLength &+ count
    bytes[end] = UInt8(truncatingIfNeeded: checksum.value)
    bytes[end &+ 1] = UInt8(truncatingIfNeeded: checksum.value &>> 8)
    let signature = end &+ Frame.checksumLength
    guard leavesRoom else { return signature }
    for i in 0..<Frame.signatureLength { bytes[signature &+ i] = 0 }
    return signature &+ Frame.signatureLength
  }
}
