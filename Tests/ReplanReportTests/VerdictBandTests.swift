import ReplanCore
import ReplanLoop
import ReplanRecord
import Testing

@testable import ReplanReport

struct VerdictBandTests {
  private func bands(_ verdicts: [Range<Int>: Verdict], ticks: Int = 100) -> [VerdictBand] {
    VerdictBand.bands(
      of: DrawnEpisode(ticks: ticks, robotText: "", verdicts: verdicts).episode)
  }

  private func expect(
    _ band: VerdictBand, _ start: Double, _ end: Double, _ verdict: Verdict,
    _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(
      abs(band.start - start) < 1e-9 && abs(band.end - end) < 1e-9
        && band.verdict == verdict.rawValue, sourceLocation: location)
  }

  @Test func whereAllIsWellThereIsNone() {
    #expect(bands([:]).isEmpty)
    #expect(bands([0..<50: .explored]).isEmpty)
  }

  @Test func aBandLastsUntilTheNextVerdict() throws {
    let found = bands([10..<15: .bridged, 15..<20: .stale, 40..<41: .late])
    try #require(found.count == 3)
    expect(found[0], 0.2, 0.3, .bridged)
    expect(found[1], 0.3, 0.4, .stale)
    expect(found[2], 0.8, 0.82, .late)
  }

  @Test func theLastTickHasItsPeriod() throws {
    let found = bands([90..<100: .outsideEnvelope])
    try #require(found.count == 1)
    expect(found[0], 1.8, 2, .outsideEnvelope)
  }

  @Test func tooManyAreJoined() {
    let episode = DrawnEpisode(ticks: 2, robotText: "").episode
    var long = episode
    long.ticks = (0..<10_000).map { tick in
      var record = episode.ticks[0]
      record.logTime += UInt64(tick) * 20_000_000
      record.verdict = tick % 2 == 0 ? Verdict.shifted.rawValue : Verdict.planned.rawValue
      return record
    }
    let found = VerdictBand.bands(of: long)
    #expect(found.count <= VerdictBand.most && found.count > VerdictBand.most / 3)
    #expect(found.first?.start == 0)
    #expect(abs(found.last!.end - 199.98) < 1e-6)
  }

  @Test func everyVerdictHasAName() {
    #expect(VerdictBand.names.count == Verdict.all.count)
    for verdict in Verdict.all {
      #expect(VerdictBand.names[Int(verdict.rawValue)].name == "\(verdict)")
    }
  }
}
