import ReplanWire
import Testing

@Suite struct FrameParserTests {
  @Test func anyChunkingGivesTheSameFrames() {
    var random = RandomMessages(seed: 1)
    for _ in 0..<200 {
      let frames = (0..<40).map { _ in random.frame() }
      let bytes = frames.flatMap(\.encoded)
      let limit = 1 + random.below(1500)
      var parser = FrameParser()
      let read = parser.frames(in: bytes) { 1 + random.below(limit) }
      #expect(read.map(fieldText) == frames.map(fieldText))
      #expect(parser.counters.frames == 40)
    }
  }

  @Test func noiseBetweenFramesCostsNoFrame() {
    var random = RandomMessages(seed: 2)
    for _ in 0..<2000 {
      var bytes: [UInt8] = []
      var frames: [Frame] = []
      for _ in 0..<5 {
        // Noise full of false starts.
        bytes += (0..<random.below(60)).map { _ in
          random.below(4) == 0 ? 0xFD : UInt8(truncatingIfNeeded: random.bits())
        }
        frames.append(random.frame())
        bytes += frames[frames.count - 1].encoded
      }
      // A false start may still be waiting for the rest of its 280 bytes.
      bytes += [UInt8](repeating: 0, count: 300)
      var parser = FrameParser()
      let read = parser.frames(in: bytes) { 1 + random.below(50) }
      #expect(read.map(fieldText) == frames.map(fieldText))
    }
  }

  @Test func aFrameInsideAFailedOneIsFound() {
    var random = RandomMessages(seed: 4)
    let inner = Frame(.heartbeat(.plant(armed: true)), sequence: 9, source: .plant)
    let outer = Frame(
      .observation(
        ObservationMessage(
          timeMicroseconds: 1, sequence: 1, actionSequence: 1, flags: .armed, count: 32,
          values: InlineArray(repeating: 1))), sequence: 8, source: .plant
    ).encoded
    for cut in 10..<outer.count {
      // The outer frame breaks off; what follows lies where its rest was to be.
      let after = (0..<8).map { _ in random.frame() }
      let bytes = outer[..<cut] + inner.encoded + after.flatMap(\.encoded)
      var parser = FrameParser()
      let read = parser.frames(in: bytes + [UInt8](repeating: 0, count: 300)) { 7 }
      #expect(read.map(fieldText) == ([inner] + after).map(fieldText), "cut at \(cut)")
    }
  }

  /// 120,000 seeded streams of random, mutated and truncated frames: nothing traps, every frame that
  /// comes out has a right checksum, and an unharmed frame after them is found. The one exception no
  /// receiver can tell apart: the end of a frame was cut off, and the first bytes of the next one
  /// happen to complete its checksum.
  @Test func corruptionNeitherTrapsNorLasts() {
    var random = RandomMessages(seed: 5)
    let last = Frame(
      .action(
        ActionMessage(
          timeMicroseconds: 77, sequence: 5, tick: 5, count: 1, values: InlineArray(repeating: 2))),
      sequence: 200, source: Address(system: 42, component: 24))
    var ambiguous = 0
    for _ in 0..<120_000 {
      let bytes = mutated(&random)
      var parser = FrameParser()
      _ = parser.frames(in: bytes) { 400 }
      let tail = last.encoded + [UInt8](repeating: 0, count: 300)
      let read = parser.frames(in: tail) { 400 }.map(fieldText)
      if read.contains(fieldText(last)) { continue }
      ambiguous += 1
      #expect(read.count == 1, "a frame ended by bytes of the next one")
    }
    #expect(ambiguous < 10)
  }

  private func mutated(_ random: inout RandomMessages) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<1 + random.below(2) { bytes += random.frame().encoded }
    switch random.below(4) {
    case 0:
      for _ in 0..<1 + random.below(4) {
        bytes[random.below(bytes.count)] ^= UInt8(1 << random.below(8))
      }
    case 1: bytes.removeLast(random.below(bytes.count))
    case 2: bytes.removeFirst(random.below(bytes.count))
    default:
      for _ in 0..<random.below(40) {
        bytes.insert(UInt8(truncatingIfNeeded: random.bits()), at: random.below(bytes.count))
      }
    }
    return bytes
  }

  @Test func aFlippedBitIsNeverMistakenForAFrame() {
    var random = RandomMessages(seed: 6)
    for _ in 0..<300 {
      let bytes = random.frame().encoded
      for bit in 0..<bytes.count * 8 {
        var broken = bytes
        broken[bit / 8] ^= UInt8(1 << (bit % 8))
        var parser = FrameParser()
        #expect(parser.frames(in: broken) { 280 }.isEmpty)
      }
    }
  }

  @Test func lostFramesAreCountedPerSender() {
    var bytes: [UInt8] = []
    for sequence: UInt8 in [250, 251, 255, 0, 3] {
      bytes += Frame(.heartbeat(.plant(armed: false)), sequence: sequence, source: .plant).encoded
    }
    var parser = FrameParser()
    #expect(parser.frames(in: bytes) { 100 }.count == 5)
    #expect(parser.counters.lostFrames == 5)
  }

  @Test func unknownMessagesAndFlagsAreReported() {
    var bytes = Frame(.heartbeat(.plant(armed: false)), sequence: 1, source: .plant).encoded
    bytes[7] = 30
    var parser = FrameParser()
    _ = bytes.withUnsafeBytes { parser.append($0) }
    guard case .unknownMessage(30) = parser.next() else {
      Issue.record("an unknown message must be named")
      return
    }
    bytes[2] = 0x02
    parser.discard()
    _ = bytes.withUnsafeBytes { parser.append($0) }
    guard case .unknownFlags(2) = parser.next() else {
      Issue.record("an unknown flag must be named")
      return
    }
  }

  @Test func theFirstVersionOfTheProtocolIsRecognised() {
    // HEARTBEAT of MAVLink 1 as pymavlink packs it: type 0, autopilot 8, status 4, sequence 0.
    let bytes: [UInt8] = [
      0xFE, 0x09, 0x00, 0x01, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x08, 0x00, 0x04, 0x03,
      0x6A, 0x5B,
    ]
    var parser = FrameParser()
    _ = bytes.withUnsafeBytes { parser.append($0) }
    guard case .version1 = parser.next() else {
      Issue.record("a MAVLink 1 heartbeat must be recognised")
      return
    }
    #expect(parser.counters.skippedBytes == 0)
  }
}
