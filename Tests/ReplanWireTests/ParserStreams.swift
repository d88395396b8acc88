import ReplanWire

/// A seeded source of streams: random bytes, and valid frames that were hurt in the ways in which a
/// line hurts them.
struct ParserStreams {
  private var random: RandomMessages

  init(seed: UInt64) { random = RandomMessages(seed: seed) }

  mutating func next() -> [UInt8] {
    switch random.below(8) {
    case 0: return noise(random.below(300))
    case 1: return falseStarts()
    default: return mutated()
    }
  }

  private mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: random.bits()) }
  private mutating func noise(_ count: Int) -> [UInt8] { (0..<count).map { _ in byte() } }

  /// Noise that looks like headers: magic, a short length, flags that may be valid, a known message.
  private mutating func falseStarts() -> [UInt8] {
    let ids: [UInt32] = [0, 76, 77, 111, 253, 53000, 53001, 53002]
    var bytes: [UInt8] = []
    for _ in 0..<1 + random.below(8) {
      let id = ids[random.below(8)]
      bytes += [random.below(10) == 0 ? 0xFE : 0xFD, UInt8(random.below(40))]
      bytes += [UInt8(random.below(8) / 6), byte(), byte(), byte(), byte()]
      bytes += [UInt8(truncatingIfNeeded: id), UInt8(truncatingIfNeeded: id >> 8), 0]
      bytes += noise(random.below(30))
    }
    return bytes
  }

  private mutating func mutated() -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<1 + random.below(3) {
      var frame = random.frame().encoded(signed: random.below(4) == 0)
      if random.below(2) == 0 { hurt(&frame) }
      bytes += frame
      if random.below(4) == 0 { bytes += noise(random.below(20)) }
    }
    return bytes
  }

  private mutating func hurt(_ bytes: inout [UInt8]) {
    switch random.below(5) {
    case 0:
      for _ in 0..<1 + random.below(4) { bytes[random.below(bytes.count)] ^= 1 << random.below(8) }
    case 1: bytes.removeLast(random.below(bytes.count))
    case 2: bytes.removeFirst(random.below(bytes.count))
    case 3: bytes[random.below(bytes.count)] = 0xFD
    default: for _ in 0..<random.below(10) { bytes.insert(byte(), at: random.below(bytes.count)) }
    }
  }
}

/// A frame that the parser gave, and where it lies in its stream.
struct FoundFrame {
  var start: Int
  var bytes: [UInt8]
}

extension FrameParser {
  /// All frames of a whole stream with their places; every byte is accounted for.
  static func find(in stream: [UInt8], piece: () -> Int) -> [FoundFrame] {
    var parser = FrameParser()
    var found: [FoundFrame] = []
    var taken = 0
    var isVersion1 = 0
    let copy = UnsafeMutableRawBufferPointer.allocate(
      byteCount: Frame.maximumLength, alignment: 8)
    defer { copy.deallocate() }
    stream.withUnsafeBytes { all in
      var at = 0
      while at < all.count {
        let end = min(at + max(1, piece()), all.count)
        var rest = UnsafeRawBufferPointer(rebasing: all[at..<end])
        at = end
        repeat {
          rest = parser.append(rest)
          while case let outcome = parser.next(), outcome.isProgress {
            if case .version1 = outcome { isVersion1 += 17 }
            guard case .frame = outcome else { continue }
            let count = parser.copyLastFrame(into: copy)
            let start = taken + isVersion1 + Int(parser.counters.skippedBytes)
            found.append(FoundFrame(start: start, bytes: Array(copy[..<count])))
            taken += count
          }
        } while !rest.isEmpty
      }
    }
    return found
  }
}

extension Frame {
  /// With `signed`, a signature of zeros.
  func encoded(signed: Bool) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Frame.maximumLength) { buffer, count in
      count = encode(
        into: UnsafeMutableRawBufferPointer(buffer), leavingRoomToSign: signed)
    }
  }
}
