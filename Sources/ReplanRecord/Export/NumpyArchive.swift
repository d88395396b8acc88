/// Arrays in one file, as `numpy.load` opens it.
///
/// - Source: NEP 1 (the .npy format, version 1.0) for an array; PKWARE's APPNOTE for the zip archive,
///   of which this writes stored entries without time stamps, so that equal arrays give equal
///   bytes.
struct NumpyArchive {
  struct Entry {
    let name: String
    /// numpy's type string.
    let type: String
    let count: Int
    let content: [UInt8]
  }

  private(set) var entries: [Entry] = []

  mutating func add(_ name: String, _ values: [Float]) {
    var content: [UInt8] = []
    content.append(littleEndian: values)
    entries.append(Entry(name: name, type: "<f4", count: values.count, content: content))
  }

  mutating func add(_ name: String, _ values: [Double]) {
    var content: [UInt8] = []
    content.reserveCapacity(8 * values.count)
    for value in values { content.append(littleEndian: value.bitPattern) }
    entries.append(Entry(name: name, type: "<f8", count: values.count, content: content))
  }

  /// Texts of one width, filled up with zeros: numpy's `U`.
  mutating func add(_ name: String, _ values: [String]) {
    let width = max(1, values.map(\.unicodeScalars.count).max() ?? 1)
    var content: [UInt8] = []
    content.reserveCapacity(4 * width * values.count)
    for value in values {
      let scalars = value.unicodeScalars
      for scalar in scalars { content.append(littleEndian: scalar.value) }
      content += [UInt8](repeating: 0, count: 4 * (width - scalars.count))
    }
    entries.append(Entry(name: name, type: "<U\(width)", count: values.count, content: content))
  }

  /// - Precondition: names are of ASCII and all different; the archive stays below 4 GiB.
  func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let data = Self.array(entry)
      let name = Array((entry.name + ".npy").utf8)
      let place = bytes.count
      var fields: [UInt8] = []
      fields.append(littleEndian: UInt16(20))
      fields.append(littleEndian: UInt16(0))
      fields.append(littleEndian: UInt16(0))
      // Midnight on 1 January 1980, the first that the format knows.
      fields.append(littleEndian: UInt16(0))
      fields.append(littleEndian: UInt16(0x21))
      fields.append(littleEndian: Checksum.crc32(data))
      fields.append(littleEndian: UInt32(data.count))
      fields.append(littleEndian: UInt32(data.count))
      fields.append(littleEndian: UInt16(name.count))
      fields.append(littleEndian: UInt16(0))
      bytes += [0x50, 0x4B, 3, 4] + fields + name + data
      directory += [0x50, 0x4B, 1, 2, 20, 0] + fields
      // Comment length, disk, attributes.
      directory += [UInt8](repeating: 0, count: 10)
      directory.append(littleEndian: UInt32(place))
      directory += name
    }
    let start = bytes.count
    bytes += directory
    bytes += [0x50, 0x4B, 5, 6, 0, 0, 0, 0]
    bytes.append(littleEndian: UInt16(entries.count))
    bytes.append(littleEndian: UInt16(entries.count))
    bytes.append(littleEndian: UInt32(directory.count))
    bytes.append(littleEndian: UInt32(start))
    return bytes + [0, 0]
  }

  /// Magic, version, header padded to a multiple of 64, content.
  private static func array(_ entry: Entry) -> [UInt8] {
    var header = "{'descr': '\(entry.type)', 'fortran_order': False, 'shape': (\(entry.count),), }"
    let prefix = 10
    let padding = 64 - (prefix + header.utf8.count + 1) % 64
    header += String(repeating: " ", count: padding % 64) + "\n"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    bytes.append(littleEndian: UInt16(header.utf8.count))
    return bytes + Array(header.utf8) + entry.content
  }
}
