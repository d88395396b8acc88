import ReplanNumerics
import Testing

@Suite struct PhiloxLanesTests {
  private let candidates = SIMD16<UInt32>(
    0, 1, 2, 3, 77, 4095, 65535, 65536, 0x0003_0001, 0x0040_0FFF, 8, 9, 10, 11, 12, .max)

  private func scalar(_ lane: Int) -> Philox {
    Philox(
      seed: SIMD2(7, 0xDEAD_BEEF), episode: 3, tick: 41, iteration: 65, candidate: candidates[lane])
  }

  private var lanes: PhiloxLanes {
    PhiloxLanes(
      seed: SIMD2(7, 0xDEAD_BEEF), episode: 3, tick: 41, iteration: 65, candidates: candidates)
  }

  @Test func wordsAreThoseOfTheScalarGenerator() {
    var streams = lanes
    for block in 0..<50 {
      let words = streams.next()
      for lane in 0..<16 {
        var stream = scalar(lane)
        stream.counter.x = UInt32(block)
        #expect(
          stream.next() == SIMD4(words.0[lane], words.1[lane], words.2[lane], words.3[lane]))
      }
    }
  }

  @Test func normalsHaveTheBitsOfTheScalarGenerator() {
    var streams = lanes
    var scalars = (0..<16).map { scalar($0) }
    for _ in 0..<500 {
      let normals = streams.nextNormals()
      for lane in 0..<16 {
        #expect(
          scalars[lane].nextNormals()
            == SIMD4(normals.0[lane], normals.1[lane], normals.2[lane], normals.3[lane]))
      }
    }
  }

  @Test func uniformNumbersHaveTheBitsOfTheScalarForm() {
    for word in [0, 1, 255, 256, 0x0010_0000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FF00, .max]
      as [UInt32]
    {
      #expect(PhiloxLanes.uniform(SIMD16(repeating: word))[5] == Philox.uniform(word))
    }
  }

  @Test func logarithmAndRootHaveTheBitsOfTheScalarForms() {
    var bits: UInt32 = 0x0080_0000
    while bits < 0x7F80_0000 {
      let x = Float(bitPattern: bits)
      #expect(logarithm(Lanes(repeating: x))[3].bitPattern == logarithm(x).bitPattern)
      #expect(squareRoot(Lanes(repeating: x))[3].bitPattern == squareRoot(x).bitPattern)
      bits += 0x0001_2345
    }
    #expect(squareRoot(Lanes(repeating: -1))[0] == 0 && squareRoot(Lanes(repeating: 0))[0] == 0)
    #expect(squareRoot(Lanes(repeating: .nan))[0].isNaN)
  }
}
