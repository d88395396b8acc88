import ReplanFaults
import ReplanWire
import Testing

/// What becomes of frames.
struct LineFaultsTests {
  @Test func withoutFaultsEveryByteComesAsItWent() throws {
    let rig = try LineRig("")
    var sent: [UInt8] = []
    for sequence: UInt32 in 0..<50 {
      // Noise between frames, false starts among it, and frames in two pieces.
      let frame = FaultBytes.observation(sequence, frame: UInt8(sequence))
      let bytes = [0x00, 0xFD, 0xFE, 0x55, 0xFD, 0x03, 0x00] + frame
      rig.put(Array(bytes.prefix(30)), 0)
      rig.put(Array(bytes.dropFirst(30)), 0)
      sent += bytes
    }
    rig.take(0)
    #expect(rig.received == sent)
    #expect(rig.sequences == Array(0..<50))
    #expect(rig.line.counters.frames == 50)
  }

  @Test func probabilitiesAreKept() throws {
    // Four standard deviations of a binomial of 4000 at 0.2: 101.
    let expected = 699...901
    let rates: [(String, (LineFaults.Counters) -> Int)] = [
      ("{fault: loss, probability: 0.2}", { $0.lost }),
      ("{fault: bit-flip, probability: 0.2}", { $0.flipped }),
      ("{fault: duplicate, probability: 0.2}", { $0.duplicated }),
      ("{fault: truncate, probability: 0.2}", { $0.truncated }),
      ("{fault: delay, by: 0.001, probability: 0.2}", { $0.delayed }),
      ("{fault: garbage, bytes: 1, probability: 0.2}", { $0.garbageBytes }),
    ]
    for (fault, count) in rates {
      let rig = try LineRig(fault, seed: 5)
      rig.run(0..<4000)
      #expect(expected.contains(count(rig.line.counters)), "\(fault)")
      #expect(rig.line.acted == [count(rig.line.counters)])
    }
    let never = try LineRig("{fault: loss, probability: 0}")
    never.run(0..<100)
    #expect(never.line.counters.lost == 0 && never.line.acted == [0])
    let always = try LineRig("{fault: loss}")
    always.run(0..<100)
    #expect(always.line.counters.lost == 100 && always.received.isEmpty)
  }

  @Test func runsRepeatAndSeedsAndResetsDiffer() throws {
    let faults = """
      {fault: loss, probability: 0.2}, {fault: bit-flip, probability: 0.1},
      {fault: garbage, bytes: 9, probability: 0.1}, {fault: reorder, probability: 0.1}
      """
    func received(seed: UInt64 = 1, reset: UInt32 = 1) throws -> [UInt8] {
      let rig = try LineRig(faults, seed: seed)
      rig.run(0..<200, reset: reset)
      return rig.received
    }
    let first = try received()
    #expect(try received() == first)
    #expect(try received(seed: 2) != first)
    #expect(try received(reset: 2) != first)
  }

  @Test func heartbeatsDoNotShiftWhatHappensToSamples() throws {
    let plain = try LineRig("{fault: loss, probability: 0.3}")
    plain.run(0..<100)
    let mixed = try LineRig("{fault: loss, probability: 0.3}")
    for sequence: UInt32 in 0..<100 {
      if sequence % 7 == 3 { mixed.put(FaultBytes.heartbeat(0), Double(sequence) / 50) }
      mixed.run(sequence..<(sequence + 1))
    }
    #expect(mixed.sequences == plain.sequences)
  }

  @Test func directionsAndWindowsAreKept() throws {
    let rig = try LineRig("{fault: loss, from: 1, until: 2}")
    rig.run(0..<150)
    #expect(rig.sequences == Array(0..<50) + Array(100..<150))
    let other = try LineRig("{fault: loss, direction: to-plant}")
    other.run(0..<10)
    #expect(other.sequences.count == 10)
    let disarmed = try LineRig("{fault: loss}")
    disarmed.put(FaultBytes.heartbeat(0), nil)
    disarmed.take(nil)
    #expect(disarmed.received == FaultBytes.heartbeat(0))
    let boot = try LineRig("{fault: loss, from: boot}")
    boot.put(FaultBytes.heartbeat(0), nil)
    boot.take(nil)
    #expect(boot.received.isEmpty)
  }

  @Test func anUnhurtFrameIsTheOneThatWasSent() throws {
    let faults = """
      {fault: bit-flip, probability: 0.3}, {fault: truncate, probability: 0.2},
      {fault: garbage, bytes: 30, probability: 0.3}
      """
    let rig = try LineRig(faults, seed: 3)
    rig.run(0..<2000)
    let sent = Set(
      (0..<2000).map { FaultBytes.observation($0, frame: UInt8(truncatingIfNeeded: $0)) })
    let whole = rig.pieces.filter(sent.contains).count
    let counters = rig.line.counters
    #expect(whole < 2000 - counters.flipped && whole > 1000)
    let parsed = FaultBytes.parse(rig.received)
    // What is hurt is refused, and costs at most the frame after it.
    #expect(Set(parsed.sequences).isSubset(of: Set(0..<2000)))
    #expect(parsed.sequences.count >= whole - 50 && parsed.sequences.count <= whole)
    #expect(zip(parsed.sequences, parsed.sequences.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test func duplicatesFollowAndSwappedFramesChangePlaces() throws {
    let twice = try LineRig("{fault: duplicate}")
    twice.run(0..<5)
    #expect(twice.sequences == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4])
    let swapped = try LineRig("{fault: reorder, until: 0.1}")
    swapped.run(0..<8)
    #expect(swapped.sequences == [1, 0, 3, 2, 5, 4, 6, 7])
    #expect(swapped.line.counters.reordered == 3)
    let last = try LineRig("{fault: reorder, until: 0.1}")
    last.run(0..<5)
    #expect(last.sequences == [1, 0, 3, 2])
    last.take(0.1)
    #expect(last.sequences == [1, 0, 3, 2, 4], "it waits no longer than the fault lasts")
  }

  @Test func aDelayHoldsUpWhatFollows() throws {
    let rig = try LineRig("{fault: delay, by: 0.05, until: 0.02}")
    rig.run(0..<3)
    #expect(rig.sequences.isEmpty)
    #expect(rig.line.nextDue == 10_050_000)
    rig.take(0.0499)
    #expect(rig.sequences.isEmpty)
    rig.take(0.06)
    #expect(rig.sequences == [0, 1, 2])
  }

  @Test func aStallEndsInOneBurst() throws {
    let rig = try LineRig("{fault: stall, at: 1, for: 0.3}")
    rig.run(0..<60)
    #expect(rig.sequences == Array(0..<50) && rig.line.isStalled)
    #expect(rig.line.nextDue == 11_300_000)
    rig.run(60..<65)
    #expect(rig.sequences == Array(0..<50))
    rig.run(65..<66)
    #expect(rig.sequences == Array(0..<66) && rig.line.counters.stalls == 1)
    rig.run(66..<200)
    #expect(rig.line.counters.stalls == 1)
    // The next episode has its own.
    rig.run(0..<51, reset: 2)
    #expect(rig.line.isStalled)
    rig.take(nil, reset: 2)
    #expect(!rig.line.isStalled, "disarmed, the line is free")
  }

  @Test func theQueueIsBoundedAndDropsTheOldest() throws {
    let rig = try LineRig("{fault: stall}")
    rig.run(0..<2000)
    rig.take(nil, at: 100_000_000)
    #expect(rig.sequences == Array(1488..<2000))
    #expect(rig.line.counters.overflowed == 1488)
  }

  @Test func aPulledCableForgetsWhatWasOnTheWay() throws {
    let rig = try LineRig("{fault: delay, by: 1}, {fault: reorder, probability: 0.5}")
    rig.run(0..<20)
    rig.line.discard()
    rig.take(100)
    #expect(rig.received.isEmpty && rig.line.nextDue == nil)
  }
}
