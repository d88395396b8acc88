import Glibc
import ReplanRealtime
import Testing

@Suite struct SpscRingTests {
  /// An element larger than a cache line, whose parts must stay together.
  struct Record: BitwiseCopyable, Sendable, Equatable {
    var number: UInt64
    var payload: SIMD16<UInt64>
    init(_ number: UInt64) {
      self.number = number
      payload = SIMD16(repeating: number &* 0x9E37_79B9_7F4A_7C15)
    }
  }

  @Test func twoThreadsKeepOrderAndContent() throws {
    let count: UInt64 = 3_000_000
    let ring = SpscRing<Record>(capacity: 256)
    let producer = try RealtimeThread.start(ThreadOptions(name: "producer", priority: nil)) { _ in
      var refused = 0
      for number in 0..<count {
        while !ring.push(Record(number)) {
          refused += 1
          sched_yield()
        }
      }
      return refused
    }
    var (expected, faults) = (UInt64(0), 0)
    while expected < count {
      guard let record = ring.pop() else {
        sched_yield()
        continue
      }
      if record != Record(expected) { faults += 1 }
      expected += 1
    }
    let refused = producer.join()
    #expect(faults == 0)
    #expect(ring.pop() == nil)
    #expect(ring.dropped == refused)
  }

  @Test func aFullRingDropsTheNewestAndCounts() {
    let ring = SpscRing<Int>(capacity: 4)
    for number in 0..<7 { #expect(ring.push(number) == (number < 4)) }
    #expect(ring.dropped == 3)
    #expect((0..<4).allSatisfy { ring.pop() == $0 })
    #expect(ring.pop() == nil)
    #expect(ring.push(9))
    #expect(ring.pop() == 9)
  }

  @Test(arguments: [1, 2, 1024]) func everyCapacityIsFilledWhole(capacity: Int) {
    let ring = SpscRing<UInt8>(capacity: capacity)
    for round in 0..<5 {
      for number in 0..<capacity { #expect(ring.push(UInt8(truncatingIfNeeded: number + round))) }
      #expect(!ring.push(0))
      for number in 0..<capacity {
        #expect(ring.pop() == UInt8(truncatingIfNeeded: number + round))
      }
    }
    #expect(ring.dropped == 5)
  }
}
