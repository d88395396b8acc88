/// A running checksum of an episode's observations, kept in every tick's record.
///
/// The file's own checksums tell damage; this one also tells an observation that was changed by
/// whoever made those right again, one that no tick used included.
///
/// It is the CRC-32 of MCAP over, little-endian: sequence and action sequence in 32 bits each, the
/// plant's time in 64, flags in 8, cost and values as 64-bit floats. Log times are left out, since
/// they are the host's.
public struct ObservationChecksum: Sendable {
  /// Of no observation: 0.
  public private(set) var value: UInt32 = 0

  public init() {}

  public mutating func add(_ record: ObservationRecord) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(25 + 8 * record.values.count)
    bytes.append(littleEndian: record.sequence)
    bytes.append(littleEndian: record.actionSequence)
    bytes.append(littleEndian: record.plantTime)
    bytes.append(record.flags)
    // As the file holds them: what a signalling NaN becomes there it has to become here.
    bytes.append(littleEndian: Double(record.cost).bitPattern)
    for value in record.values { bytes.append(littleEndian: Double(value).bitPattern) }
    value = Checksum.crc32(bytes, continuing: value)
  }
}
