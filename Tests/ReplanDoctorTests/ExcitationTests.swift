import Testing

@testable import ReplanDoctor

@Suite struct ExcitationTests {
  private func settings(
    amplitude: Double = 0.3, safe: Double = 0, slew: Double? = nil, seed: UInt64 = 1
  ) -> ProbeSettings {
    ProbeSettings(
      channels: [], actions: [.init(low: -10, high: 10, safe: safe, slew: slew)], rate: 50,
      amplitude: amplitude, seed: seed)
  }

  private func actions(_ settings: ProbeSettings, count: Int = 80) -> [Double] {
    var excitation = Excitation(settings)
    return (0..<count).map { _ in excitation.next()[0] }
  }

  @Test func itIsBinaryBalancedAndTheSameForTheSameSeed() {
    let values = actions(settings())
    #expect(Set(values) == [-3, 3])
    for start in stride(from: 0, to: 80, by: 8) {
      #expect(values[start..<start + 8].reduce(0, +) == 0)
    }
    #expect(values == actions(settings()) && values != actions(settings(seed: 2)))
  }

  @Test func limitsAndSlewAreKept() {
    let high = actions(settings(amplitude: 1, safe: 4))
    #expect(Set(high) == [-6, 10])
    let slow = actions(settings(slew: 50))
    #expect(slow.allSatisfy { abs($0) <= 3 })
    for (from, to) in zip([0] + slow, slow) { #expect(abs(to - from) <= 1 + 1e-12) }
  }
}
