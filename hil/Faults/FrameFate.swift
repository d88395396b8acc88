import ReplanNumerics

/// A fault of the line that is drawn for each frame.
struct LineFault {
  enum Effect: Equatable {
    case flip, lose, duplicate, reorder, truncate
    case delay(microseconds: UInt64)
    case garbage(bytes: Int)
  }

  let effect: Effect
  let timing: FaultTiming

  /// - Returns: `nil` if it is none of these.
  init?(_ kind: FaultKind, _ timing: FaultTiming) {
    self.timing = timing
    switch kind {
    case .bitFlip: effect = .flip
    case .loss: effect = .lose
    case .duplicate: effect = .duplicate
    case .reorder: effect = .reorder
    case .truncate: effect = .truncate
    case .delay(let seconds): effect = .delay(microseconds: UInt64(seconds * 1e6))
    case .garbage(let bytes): effect = .garbage(bytes: bytes)
    default: return nil
    }
  }
}

/// What was drawn for one frame.
struct FrameFate {
  private(set) var isLost = false
  private(set) var isDuplicated = false
  private(set) var swaps = false
  /// Bytes that get through.
  private(set) var length: Int
  private(set) var flippedBit: Int?
  /// µs.
  private(set) var delay: UInt64 = 0
  private(set) var garbage = 0
  private(set) var garbageGenerator = Philox(
    seed: SIMD2(0, 0), episode: 0, tick: 0, iteration: 0, candidate: 0)
  private let wholeLength: Int

  init(length: Int) {
    self.length = length
    wholeLength = length
  }

  /// `words`: the first was used to decide that it happens.
  mutating func add(_ fault: LineFault, _ words: SIMD4<UInt32>) {
    switch fault.effect {
    case .lose: isLost = true
    case .duplicate: isDuplicated = true
    case .reorder: swaps = true
    case .flip: flippedBit = FrameFate.below(wholeLength * 8, words.y)
    case .truncate: length = min(length, 1 + FrameFate.below(wholeLength - 1, words.y))
    case .delay(let microseconds): delay += microseconds
    case .garbage(let bytes):
      garbage = bytes
      garbageGenerator = Philox(
        seed: SIMD2(words.y, words.z), episode: 0, tick: 0, iteration: 0, candidate: 0)
    }
  }

  /// A whole number from 0 to one below the bound.
  private static func below(_ bound: Int, _ word: UInt32) -> Int {
    Int((UInt64(word) * UInt64(bound)) >> 32)
  }
}

/// A frame that is kept back.
struct HeldFrame {
  private let storage = UnsafeMutableRawBufferPointer.allocate(byteCount: 288, alignment: 8)
  var count = 0

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: storage[0..<count]) }

  mutating func store(_ bytes: UnsafeRawBufferPointer) {
    for i in 0..<bytes.count { storage[i] = bytes[i] }
    count = bytes.count
  }

  func deallocate() { storage.deallocate() }
}
