/// The frame's checksum, CRC-16/MCRF4XX, one byte at a time.
///
/// Without a table, which would be 512 bytes on a microcontroller to save a few operations a byte.
/// - Source: MAVLink serialization guide, "Checksum"; the byte step is X.25's, as in mavlink's C
///   library (`crc_accumulate`).
struct Checksum {
  private(set) var value: UInt16 = 0xFFFF

  mutating func add(_ byte: UInt8) {
    var t = byte ^ UInt8(truncatingIfNeeded: value)
    t ^= t &<< 4
    let wide = UInt16(truncatingIfNeeded: Int(t))
    value = (value &>> 8) ^ (wide &<< 8) ^ (wide &<< 3) ^ (wide &>> 4)
  }
}
