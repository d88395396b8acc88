import ReplanNumerics
import Testing

@Suite struct PhiloxTests {
  /// Known answers of the reference implementation (Random123, kat_vectors, philox4x32 10).
  @Test func knownAnswers() {
    #expect(
      Philox.block(counter: SIMD4(repeating: 0), key: SIMD2(repeating: 0))
        == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    #expect(
      Philox.block(counter: SIMD4(repeating: .max), key: SIMD2(repeating: .max))
        == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    #expect(
      Philox.block(
        counter: SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
        key: SIMD2(0xa409_3822, 0x299f_31d0))
        == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test func normalsHaveTheirMoments() {
    var stream = Philox(
      seed: SIMD2(1, 2), episode: 3, tick: 4, iteration: 5, candidate: 6)
    var sum = 0.0
    var squares = 0.0
    var fourth = 0.0
    let n = 200_000
    for _ in 0..<(n / 4) {
      let x = stream.nextNormals()
      for i in 0..<4 {
        sum += Double(x[i])
        squares += Double(x[i] * x[i])
        fourth += Double(x[i] * x[i] * x[i] * x[i])
      }
    }
    #expect(abs(sum / Double(n)) < 0.01)
    #expect(abs(squares / Double(n) - 1) < 0.02)
    #expect(abs(fourth / Double(n) - 3) < 0.12)
  }

  @Test func streamsOfDifferentPlacesDiffer() {
    func first(_ episode: UInt32, _ tick: UInt32, _ candidate: UInt32) -> SIMD4<UInt32> {
      var stream = Philox(
        seed: SIMD2(7, 0), episode: episode, tick: tick, iteration: 0, candidate: candidate)
      return stream.next()
    }
    let all = [first(0, 0, 0), first(1, 0, 0), first(0, 1, 0), first(0, 0, 1)]
    #expect(Set(all).count == 4)
    #expect(first(1, 2, 3) == first(1, 2, 3))
  }

  @Test func uniformStaysInsideItsInterval() {
    #expect(Philox.uniform(0) > 0 && Philox.uniform(.max) == 1)
  }
}
