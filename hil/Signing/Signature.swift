import Crypto
import ReplanWire

/// The last 13 bytes of a signed frame.
///
/// - Source: MAVLink guide, "Message signing": link id, timestamp of 48 bits, and the first 48 bits
///   of SHA-256 over key, header, payload, checksum, link id and timestamp.
struct Signature {
  static var tagLength: Int { 6 }
  static var timestampLength: Int { 6 }

  var link: UInt8
  var timestamp: UInt64

  /// The signature of a whole signed frame, without its tag.
  init(of frame: UnsafeRawBufferPointer) {
    let start = frame.count - Frame.signatureLength
    link = frame[start]
    timestamp = 0
    for i in 0..<Signature.timestampLength {
      timestamp |= UInt64(frame[start + 1 + i]) << UInt64(8 * i)
    }
  }

  init(link: UInt8, timestamp: UInt64) {
    self.link = link
    self.timestamp = timestamp
  }

  /// Fills the room at a frame's end, except for the tag.
  func write(to frame: UnsafeMutableRawBufferPointer) {
    let start = frame.count - Frame.signatureLength
    frame[start] = link
    for i in 0..<Signature.timestampLength {
      frame[start + 1 + i] = UInt8(truncatingIfNeeded: timestamp >> UInt64(8 * i))
    }
  }

  /// The tag that belongs to a whole signed frame, little-endian.
  ///
  /// - Timing: allocates: swift-crypto keeps a hash's state on the heap.
  static func tag(_ frame: UnsafeRawBufferPointer, _ key: SigningKey) -> UInt64 {
    var hash = SHA256()
    key.bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
    hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: frame.dropLast(tagLength)))
    return hash.finalize().withUnsafeBytes { number($0.prefix(tagLength)) }
  }

  /// The tag that a frame has.
  static func foundTag(_ frame: UnsafeRawBufferPointer) -> UInt64 {
    number(frame.suffix(tagLength))
  }

  static func write(tag: UInt64, to frame: UnsafeMutableRawBufferPointer) {
    for i in 0..<tagLength {
      frame[frame.count - tagLength + i] = UInt8(truncatingIfNeeded: tag >> UInt64(8 * i))
    }
  }

  private static func number(_ bytes: Slice<UnsafeRawBufferPointer>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
