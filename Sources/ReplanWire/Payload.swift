/// Writes a payload's fields in the order of the wire, little-endian.
struct PayloadWriter {
  private(set) var bytes = InlineArray<256, UInt8>(repeating: 0)
  private var end = 0

  mutating func put(_ value: UInt8) {
    bytes[end] = value
    end &+= 1
  }

  mutating func put(_ value: UInt16) {
    put(UInt8(truncatingIfNeeded: value))
    put(UInt8(truncatingIfNeeded: value &>> 8))
  }

  mutating func put(_ value: UInt32) {
    put(UInt16(truncatingIfNeeded: value))
    put(UInt16(truncatingIfNeeded: value &>> 16))
  }

  mutating func put(_ value: UInt64) {
    // Halves rather than a shift: a 64-bit shift is a library call on a 32-bit core.
    // SAFETY: both types are 8 bytes without padding or invalid patterns.
    let halves = unsafeBitCast(value.littleEndian, to: SIMD2<UInt32>.self)
    put(halves[0])
    put(halves[1])
  }

  mutating func put(_ value: Float) { put(value.bitPattern) }
}

/// Reads a payload's fields in the order of the wire, little-endian.
struct PayloadReader {
  private let bytes: InlineArray<256, UInt8>
  private var start = 0

  init(_ bytes: InlineArray<256, UInt8>) { self.bytes = bytes }

  mutating func byte() -> UInt8 {
    let value = bytes[start]
    start &+= 1
    return value
  }

  mutating func short() -> UInt16 {
    let low = byte()
    let high = byte()
    return UInt16(truncatingIfNeeded: Int(low) | Int(high) &<< 8)
  }

  mutating func word() -> UInt32 {
    let low = short()
    let high = short()
    return UInt32(truncatingIfNeeded: Int(low)) | UInt32(truncatingIfNeeded: Int(high)) &<< 16
  }

  mutating func long() -> UInt64 {
    let low = word()
    let high = word()
    // SAFETY: as in `PayloadWriter`.
    return UInt64(littleEndian: unsafeBitCast(SIMD2(low, high), to: UInt64.self))
  }

  mutating func float() -> Float { Float(bitPattern: word()) }
}
