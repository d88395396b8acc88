/// The secret of 32 bytes that both ends of a signed line share.
public struct SigningKey: Sendable {
  /// Bytes of a key.
  public static var length: Int { 32 }

  let bytes: [UInt8]

  /// - Precondition: `bytes` are as many as `length`.
  public init(bytes: [UInt8]) {
    precondition(bytes.count == SigningKey.length, "a key has 32 bytes")
    self.bytes = bytes
  }
}

extension SigningKey {
  /// A key from the content of a file: 32 bytes, or 64 hexadecimal digits and perhaps a line's end.
  ///
  /// - Parameter path: for the error.
  init(content: [UInt8], path: String) throws(SigningError) {
    let key: [UInt8]
    if content.count == SigningKey.length {
      key = content
    } else {
      var digits = content[...]
      while let last = digits.last, last == 0x0A || last == 0x0D { digits.removeLast() }
      guard digits.count == 2 * SigningKey.length else {
        throw .wrongLength(path: path, bytes: content.count)
      }
      key = try SigningKey.bytes(of: digits, path: path)
    }
    guard key.contains(where: { $0 != 0 }) else { throw .allZero(path: path) }
    self.init(bytes: key)
  }

  private static func bytes(
    of digits: ArraySlice<UInt8>, path: String
  ) throws(SigningError) -> [UInt8] {
    var values: [UInt8] = []
    for (i, digit) in digits.enumerated() {
      guard let value = Character(UnicodeScalar(digit)).hexDigitValue else {
        throw .notHexadecimal(path: path, position: i + 1)
      }
      values.append(UInt8(value))
    }
    return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
  }
}
