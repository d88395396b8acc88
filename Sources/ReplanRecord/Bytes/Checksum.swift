import CZlib
import Crypto

/// The checksums of the file formats.
enum Checksum {
  /// CRC-32 as MCAP uses it (ISO 3309, the polynomial of zlib), continued from `seed`.
  static func crc32(_ bytes: [UInt8], continuing seed: UInt32 = 0) -> UInt32 {
    crc32(bytes, in: 0..<bytes.count, continuing: seed)
  }

  static func crc32(
    _ bytes: [UInt8], in range: Range<Int>, continuing seed: UInt32 = 0
  ) -> UInt32 {
    // SAFETY: the slice's bounds are checked by the array; zlib reads that many bytes only.
    bytes[range].withUnsafeBufferPointer {
      UInt32(truncatingIfNeeded: crc32_z(UInt(seed), $0.baseAddress, UInt($0.count)))
    }
  }

  /// SHA-256 in hexadecimal.
  static func sha256(_ bytes: [UInt8]) -> String {
    hexadecimal(SHA256.hash(data: bytes))
  }

  static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
