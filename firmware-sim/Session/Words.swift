// On a 32-bit core the conversions to 64 bits and their literals go through an array on the heap,
// which Embedded Swift refuses; halves do not.
extension UInt64 {
  init(word: UInt32) {
    self = UInt64(littleEndian: unsafeBitCast(SIMD2(word.littleEndian, 0), to: UInt64.self))
  }

  /// Of µs.
  var nanoseconds: Int64 {
    let halves = unsafeBitCast(littleEndian, to: SIMD2<UInt32>.self)
    let low = UInt32(littleEndian: halves.x).multipliedFullWidth(by: 1000)
    let high = UInt32(littleEndian: halves.y) &* 1000 &+ low.high
    let product = SIMD2(low.low.littleEndian, high.littleEndian)
    return Int64(littleEndian: unsafeBitCast(product, to: Int64.self))
  }
}
