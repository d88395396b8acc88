import Foundation
import Testing

@testable import ReplanSweep

/// The table over the results of a sweep.
@Suite struct SweepSummaryTests {
  private static let file =
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "robots/sweeps/test.yaml").path

  private func spec() throws -> SweepSpec {
    try SweepSpec.parse(
      text: """
        name: a
        robots: [../pendulum.yaml]
        settings: {model.members: [1, 3]}
        seeds: {from: 1, to: 8}
        """, file: Self.file)
  }

  private func result(_ job: SweepJob, _ seconds: Double?, _ state: JobResult.State) -> JobResult {
    JobResult(
      robot: job.robot, setting: [], seed: job.seed, command: job.command, state: state,
      isSuccess: seconds != nil, experience: seconds ?? 60, wallTime: 2, starts: 1,
      reason: "say \"so\", twice", identity: job.identity, build: "test")
  }

  @Test func figuresAreOfTheirSetting() throws {
    let spec = try spec()
    let summary = SweepSummary(spec) { job in
      if job.setting.pairs[0].value == "1" { return result(job, Double(job.seed), .done) }
      // Three successes, two that gave up, one that failed, two that are open.
      switch job.seed {
      case 1...3: return result(job, 10 * Double(job.seed), .done)
      case 4...5: return result(job, nil, .done)
      case 6: return result(job, nil, .failed)
      default: return nil
      }
    }
    let (one, three) = (summary.rows[0], summary.rows[1])
    #expect(one.successes == 8 && one.median == 4.5 && one.least == 1 && one.most == 8)
    #expect(one.low == 1 && one.high == 8 && one.wallTime == 2)
    #expect(three.jobs == 8 && three.done == 5 && three.failed == 1 && three.successes == 3)
    #expect(three.median == 30 && three.low == nil && three.setting == ["model.members": "3"])
  }

  @Test func tablesQuoteWhatHoldsCommas() throws {
    let spec = try spec()
    let text = SweepTables.jobs(spec.jobs) { $0.seed == 1 ? result($0, 3, .done) : nil }
    let lines = text.split(separator: "\n")
    #expect(lines.count == 17)
    #expect(lines[1].contains(",\"say \"\"so\"\", twice\","))
    #expect(lines[2].contains(",open,"))
  }
}
