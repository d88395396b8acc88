import CZstd

/// Chunks compressed by Zstandard.
enum Zstandard {
  /// No chunk of half a second comes near it; a damaged size must not exhaust the memory.
  static let largestContent = 64 << 20

  static func compress(_ bytes: [UInt8]) -> [UInt8] {
    var packed = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
    let size = ZSTD_compress(&packed, packed.count, bytes, bytes.count, 3)
    precondition(ZSTD_isError(size) == 0, "a buffer of ZSTD_compressBound bytes always suffices")
    packed.removeLast(packed.count - size)
    return packed
  }

  /// The content if it has exactly `size` bytes, otherwise nil.
  static func decompress(_ packed: [UInt8], size: UInt64) -> [UInt8]? {
    guard size <= UInt64(largestContent) else { return nil }
    var bytes = [UInt8](repeating: 0, count: Int(size))
    let got = ZSTD_decompress(&bytes, bytes.count, packed, packed.count)
    guard ZSTD_isError(got) == 0, got == bytes.count else { return nil }
    return bytes
  }
}
