import Foundation
import Testing

@testable import ReplanRecord

/// A plant whose angle turns at 3 rad/s and whose row k names the action k.
@Suite struct SeriesConversionTests {
  private let channels = SeriesChannels(
    observations: [.init(name: "angle", isAngle: true), .init(name: "speed")], actions: ["u"])

  private func text(_ times: [Double], wrap: (Double) -> Double = { $0 }) -> String {
    "time,angle,speed,u\n"
      + times.enumerated().map { k, t in "\(t),\(wrap(3 * t)),\(2 * t),\(k)\n" }.joined()
  }

  private func convert(
    _ text: String, tick: Double = 0.02, _ change: (inout SeriesSettings) -> Void = { _ in }
  ) throws(RecordError) -> SeriesConversion {
    var settings = SeriesSettings(tick: tick)
    change(&settings)
    return try SeriesConversion(
      try Series.decode(Array(text.utf8), path: "log.csv"), to: channels, settings: settings)
  }

  private func isClose(_ values: [Float], _ expected: [Double], _ bound: Double = 1e-5) -> Bool {
    values.count == expected.count
      && zip(values, expected).allSatisfy { abs(Double($0) - $1) <= bound }
  }

  private func column(_ run: SampledRun, _ state: Int) -> [Float] {
    (0..<run.count).map { run.states[$0 * run.stateCount + state] }
  }

  @Test func steadyRowsAreSamples() throws {
    let times = (0..<50).map { 10 + 0.02 * Double($0) }
    let conversion = try convert(text(times))
    #expect(conversion.runs.count == 1 && conversion.report.isInterpolated == false)
    #expect(conversion.report.samples == 50 && conversion.report.gaps == 0)
    #expect(conversion.runs[0].actions == (0..<50).map(Float.init))
    #expect(isClose(column(conversion.runs[0], 1), times.map { 2 * $0 }))
    #expect(abs(conversion.report.intervals.mean - 0.02) < 1e-9)
    #expect(conversion.report.lines[2] == "rows are taken as samples")
  }

  @Test func aSlightlyOtherIntervalIsTold() throws {
    let report = try convert(text((0..<50).map { 0.0203 * Double($0) })).report
    #expect(!report.isInterpolated)
    #expect(
      report.lines[2]
        == "rows are taken as samples, though their interval is 1.5 % longer than the tick")
  }

  @Test func aMissedTickPartsTheRuns() throws {
    let times = [0, 0.02, 0.04, 0.08, 0.1, 0.12, 0.2, 0.22]
    let conversion = try convert(text(times))
    #expect(conversion.runs.map(\.count) == [3, 3, 2])
    #expect(conversion.report.gaps == 2 && conversion.report.missedRows == 1 + 3)
    #expect(conversion.runs[1].actions == [3, 4, 5])
    #expect(abs(conversion.report.intervals.greatest - 0.08) < 1e-9)
  }

  @Test func otherIntervalsAreInterpolated() throws {
    // 10 ms with a jitter of 2 ms: every second row or so is a sample.
    var random = SeededGenerator(seed: 3)
    let times = (0..<200).map {
      0.01 * Double($0) + Double.random(in: -2e-3...2e-3, using: &random)
    }
    let conversion = try convert(text(times.sorted()))
    let run = conversion.runs[0]
    #expect(conversion.report.isInterpolated && conversion.runs.count == 1)
    #expect(isClose(column(run, 1), (0..<run.count).map { 2 * (times[0] + 0.02 * Double($0)) }))
    #expect(zip(run.times.dropFirst(), run.times).allSatisfy { abs($0 - $1 - 0.02) < 1e-9 })
  }

  /// Rows of 10 ms on a tick of 20 ms: each action is the mean of the two that were held.
  @Test func actionsAreAveragedOverTheTick() throws {
    let run = try convert(text((0..<7).map { 0.01 * Double($0) })).runs[0]
    #expect(isClose(run.actions, [0.5, 2.5, 4.5, 6]))
  }

  @Test func aSlowerLogIsHeldAndInterpolated() throws {
    let run = try convert(text([0, 0.04, 0.08])).runs[0]
    #expect(isClose(column(run, 1), [0, 0.04, 0.08, 0.12, 0.16]))
    #expect(isClose(run.actions, [0, 0, 1, 1, 2]))
  }

  @Test(arguments: [true, false])
  func anglesAreInterpolatedOverTheJump(isAroundZero: Bool) throws {
    let times = (0..<400).map { 0.01 * Double($0) }
    let conversion = try convert(
      text(times) {
        let angle = $0.remainder(dividingBy: 2 * .pi)
        return isAroundZero || angle >= 0 ? angle : angle + 2 * .pi
      })
    for (sample, angle) in column(conversion.runs[0], 0).enumerated() {
      let error = (Double(angle) - 0.06 * Double(sample)).remainder(dividingBy: 2 * .pi)
      try #require(abs(error) < 1e-5)
      try #require((isAroundZero ? -3.1416 : -1e-6)...(isAroundZero ? 3.1416 : 6.2832) ~= angle)
    }
  }

  @Test func turnsThatAreCountedStayCounted() throws {
    let run = try convert(text((0..<400).map { 0.01 * Double($0) })).runs[0]
    #expect(isClose(column(run, 0), (0..<run.count).map { 0.06 * Double($0) }, 1e-4))
  }

  @Test func averagingTakesNoiseAwayAndAddsNoDelay() throws {
    let rows = (0..<400).map { k in
      let t = 0.002 * Double(k)
      return "\(t),0,\(2 * t + (k % 2 == 0 ? 0.01 : -0.01)),0\n"
    }
    let noisy = "time,angle,speed,u\n" + rows.joined()
    let plain = try convert(noisy).runs[0]
    let mean = try convert(noisy) { $0.averages = true }.runs[0]
    func worst(_ run: SampledRun) -> Double {
      (2..<run.count - 2).map { abs(Double(run.states[2 * $0 + 1]) - 0.04 * Double($0)) }.max()!
    }
    #expect(worst(plain) > 9e-3 && worst(mean) < 1e-3)
  }

  @Test func rowsThatCannotBeUsedAreCountedByReason() throws {
    let conversion = try convert(
      """
      time,angle,speed,u
      0,0,0,0
      0.02,0,,1
      0.04,0,1,2
      0.06,0,1,3
      0.06,0,1,3
      ,0,1,4
      0.08,0,1,5
      """)
    #expect(
      conversion.report.drops == [
        .init(reason: "there is no value of speed", rows: 1, line: 3),
        .init(reason: "the time is that of the row before", rows: 1, line: 6),
        .init(reason: "there is no time", rows: 1, line: 7),
        .init(reason: "it stands alone between two gaps", rows: 1, line: 2),
      ])
    #expect(conversion.runs.map(\.count) == [3])
  }

  @Test func aClockThatIsSetBackStartsANewRun() throws {
    let conversion = try convert(text([5, 5.02, 5.04, 0, 0.02, 0.04]))
    #expect(conversion.runs.map(\.count) == [3, 3] && conversion.report.restarts == 1)
    #expect(conversion.runs[1].times[0] > conversion.runs[0].times[2])
    #expect(conversion.report.gaps == 0)
  }

  @Test func timesComeFromTheColumnTheRateOrTheInterval() throws {
    let rows = "angle,speed,u,Ts\n0,0,0,0.02\n0,1,1,\n0,2,2,\n"
    #expect(try convert(rows).report.time == "the interval in \"Ts\"")
    #expect(try convert(rows) { $0.rate = 50 }.report.time == "the rate given")
    let milliseconds = "Time [ms],angle,speed,u\n0,0,0,0\n20,0,1,1\n40,0,2,2\n"
    #expect(abs(try convert(milliseconds).report.intervals.mean - 0.02) < 1e-12)
    let stamps =
      "stamp,angle,speed,u\n" + (0..<3).map { "\(1_700_000_000_000 + 20 * $0),0,0,0\n" }.joined()
    #expect(try convert(stamps).report.time == "column \"stamp\", taken for ms")
    let late = stamps.replacing("u\n1700000000000,", with: "u\n,")
    #expect(try convert(late).report.time == "column \"stamp\", taken for ms")
    let named = rows.replacing("Ts", with: "when")
    #expect(throws: RecordError.self) { try convert(named) }
    #expect(throws: RecordError.self) { try convert(rows) { $0.timeColumn = "when" } }
  }

  @Test func whatCannotBeConvertedSaysWhy() {
    for (text, word) in [
      ("time,angle,speed,u\n0,0,0,0\n", "1 of 1 rows can be used"),
      ("time,angle,speed,u\n0,,0,0\n1,,0,0\n", "2 rows: there is no value of angle"),
      ("x,angle,speed,u\n0,0,0,0\n1,0,0,0\n", "no column is called time"),
    ] {
      let error = #expect(throws: RecordError.self) { try convert(text) }
      #expect(error?.description.contains(word) == true)
    }
  }

  /// Row k holds the state k and the action k, so that a transition shows which it took.
  private func transitions(
    _ times: [Double], latency: Int = 0, _ timing: SeriesSettings.ActionTiming = .after
  ) throws -> [[Float]] {
    let text =
      "time,angle,speed,u\n"
      + times.enumerated().map { "\($1),0,\($0),\(100 * $0)\n" }.joined()
    let conversion = try convert(text) { $0.actionTiming = timing }
    let header = Samples.header(observations: ["angle", "speed"], actions: ["u"])
    let set = conversion.episode(header: header).transitions(latency: latency, safeAction: [-1])
    return (0..<set.count).map {
      [set.states[2 * $0 + 1], set.actions[$0], set.nextStates[2 * $0 + 1]]
    }
  }

  @Test func theEpisodeHasTheTransitionsOfItsRuns() throws {
    let times = [0, 0.02, 0.04, 0.08, 0.1, 0.12]
    #expect(
      try transitions(times) == [[0, 0, 1], [1, 100, 2], [3, 300, 4], [4, 400, 5]])
    #expect(
      try transitions(times, .before) == [[0, 100, 1], [1, 200, 2], [3, 400, 4], [4, 500, 5]])
    // Nobody knows which action was in force before the first row of a run.
    #expect(try transitions(times, latency: 1) == [[1, 0, 2], [4, 300, 5]])
    #expect(try transitions(times, latency: 2).isEmpty)
  }

  @Test func theEpisodeIsWrittenAndReadLikeAnyOther() throws {
    let folder = try TemporaryFolder()
    let conversion = try convert(text([0, 0.02, 0.04, 0.08, 0.1]))
    var episode = conversion.episode(
      header: Samples.header(observations: ["angle", "speed"], actions: ["u"]))
    episode.outcome = Samples.outcome
    #expect(episode.observations.map(\.sequence) == [100, 101, 102, 104, 105])
    #expect(episode.observations.map(\.plantTime) == [0, 20_000, 40_000, 80_000, 100_000])
    try episode.save(to: folder.file("e.mcap"))
    var read = try EpisodeReader.read(folder.file("e.mcap"))
    // Not a number is not equal to itself.
    for k in read.observations.indices {
      #expect(read.observations[k].cost.isNaN)
      read.observations[k].cost = 0
      episode.observations[k].cost = 0
    }
    #expect(read == episode)
  }
}
