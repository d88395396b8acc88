extension [UInt8] {
  /// Appends an integer, least significant byte first.
  mutating func append(littleEndian value: some FixedWidthInteger) {
    // SAFETY: reads the bytes of an integer, which has no padding.
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  /// Appends floats as their IEEE 754 bit patterns, least significant byte first.
  mutating func append(littleEndian values: [Float]) {
    reserveCapacity(count + 4 * values.count)
    for value in values { append(littleEndian: value.bitPattern) }
  }

  /// Appends a text after its byte count in 32 bits.
  mutating func append(prefixed text: String) {
    append(littleEndian: UInt32(text.utf8.count))
    append(contentsOf: text.utf8)
  }
}

/// Reads little-endian values and never past the end: whatever does not fit is an error with its
/// place.
struct ByteReader {
  let path: String
  let bytes: [UInt8]
  private(set) var offset: Int
  let end: Int
  /// Added to offsets in errors, for content that was unpacked from a place of the file.
  private let base: Int

  init(_ bytes: [UInt8], path: String, base: Int = 0) {
    self.init(bytes, path: path, range: 0..<bytes.count, base: base)
  }

  private init(_ bytes: [UInt8], path: String, range: Range<Int>, base: Int) {
    self.path = path
    self.bytes = bytes
    self.offset = range.lowerBound
    self.end = range.upperBound
    self.base = base
  }

  var remaining: Int { end - offset }
  var isAtEnd: Bool { offset == end }

  func damaged(_ reason: String, at place: Int? = nil) -> RecordError {
    .damaged(path: path, offset: base + (place ?? offset), reason: reason)
  }

  mutating func integer<T: FixedWidthInteger & UnsignedInteger>(
    _ type: T.Type = T.self
  ) throws(RecordError) -> T {
    let size = T.bitWidth / 8
    guard remaining >= size else { throw damaged("\(size) bytes are missing") }
    // SAFETY: `size` bytes from `offset` lie inside the array, as just checked.
    let value = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: T.self) }
    offset += size
    return T(littleEndian: value)
  }

  /// Takes the next `count` bytes as a reader of their own.
  mutating func take(_ count: UInt64) throws(RecordError) -> ByteReader {
    guard count <= UInt64(remaining) else {
      throw damaged("\(count) bytes are announced and \(remaining) are left")
    }
    let range = offset..<offset + Int(count)
    offset = range.upperBound
    return ByteReader(bytes, path: path, range: range, base: base)
  }

  /// The bytes that are left.
  mutating func rest() -> [UInt8] {
    defer { offset = end }
    return Array(bytes[offset..<end])
  }

  mutating func text() throws(RecordError) -> String {
    let place = offset
    var content = try take(UInt64(try integer(UInt32.self)))
    guard let text = String(validating: content.rest(), as: UTF8.self) else {
      throw damaged("a text that is not UTF-8", at: place)
    }
    return text
  }

  mutating func float() throws(RecordError) -> Float {
    Float(bitPattern: try integer(UInt32.self))
  }

  /// All floats that are left.
  mutating func floats() throws(RecordError) -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(remaining / 4)
    while !isAtEnd { values.append(try float()) }
    return values
  }

  /// All doubles that are left.
  mutating func doubles() throws(RecordError) -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(remaining / 8)
    while !isAtEnd { values.append(Double(bitPattern: try integer(UInt64.self))) }
    return values
  }
}
