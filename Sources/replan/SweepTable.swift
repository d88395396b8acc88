import Foundation
import ReplanRealtime
import ReplanSweep
import Synchronization

/// What a sweep says of itself: its jobs as they end, how far it has come, and the table at its end.
final class SweepTable: Sendable {
  private struct State {
    var left = 0
    var running = 0
    var ended = 0
    var failed = 0
  }

  private let console: Console
  private let spec: SweepSpec
  private let folder: SweepFolder
  private let start = MonotonicClock.nanoseconds
  private let state = Mutex(State())

  init(_ console: Console, _ spec: SweepSpec, _ folder: SweepFolder) {
    self.console = console
    self.spec = spec
    self.folder = folder
  }

  func begin(left: Int) {
    state.withLock { $0.left = left }
    let count = spec.jobs.count
    console.line(
      "sweep \(spec.name): \(count) jobs, \(spec.variants.count) variants with "
        + "\(spec.seeds.count) seeds" + (left < count ? "; \(count - left) have ended before" : ""))
  }

  func show(_ progress: SweepProgress) {
    switch progress {
    case .queued(let jobs, let number): console.line("\(jobs) jobs in Slurm's array \(number)")
    case .started: state.withLock { $0.running += 1 }
    case .ended(let job, let result):
      count(isFailed: result.state == .failed)
      console.object(JobEvent(job, result))
      console.line(Self.words(job, result))
    case .brokeOff(let job, let reason):
      count(isFailed: true)
      console.object(JobEvent(job, reason: reason))
      console.line("\(job.path): \(reason)")
    }
    console.redraw(line)
  }

  private func count(isFailed: Bool) {
    state.withLock {
      $0.running = max(0, $0.running - 1)
      $0.ended += 1
      if isFailed { $0.failed += 1 }
    }
  }

  private var line: String {
    let state = state.withLock { $0 }
    let seconds = Double(MonotonicClock.nanoseconds - start) / 1e9
    let rest = seconds / Double(max(state.ended, 1)) * Double(state.left - state.ended)
    return "\(state.ended) of \(state.left) jobs, \(state.running) running"
      + (state.failed > 0 ? ", \(state.failed) without result" : "")
      + (state.ended > 0 ? String(format: ", about %.0f s left", rest) : "")
  }

  private static func words(_ job: SweepJob, _ result: JobResult) -> String {
    guard result.state == .done else { return "\(job.path): FAILED: \(result.reason)" }
    let seconds = result.experience.map { String(format: " after %.2f s of interaction", $0) } ?? ""
    return "\(job.path): " + (result.isSuccess ? "success" : "no success") + seconds
      + String(format: ", %.1f s of time", result.wallTime)
  }

  /// The jobs with what has become of them.
  func list() {
    for job in spec.jobs {
      let result = folder.result(job)
      console.object(result.map { JobEvent(job, $0) } ?? JobEvent(job, reason: "open"))
      if !console.isJSON {
        console.result(result.map { Self.words(job, $0) } ?? "\(job.path): open")
      }
    }
  }

  /// The table over all jobs, as lines, objects and files.
  func end() throws {
    let summary = SweepSummary(spec, results: folder.result)
    try folder.write(SweepTables.summary(summary), as: "summary.csv")
    try folder.write(SweepTables.jobs(spec.jobs, results: folder.result), as: "jobs.csv")
    for row in summary.rows { console.object(RowEvent(row)) }
    if !console.isJSON {
      for line in Self.table(summary, spec).lines { console.result(line) }
    }
    console.line("tables: \(folder.path)/summary.csv, \(folder.path)/jobs.csv")
  }

  private static func table(_ summary: SweepSummary, _ spec: SweepSpec) -> Table {
    func number(_ value: Double?) -> String { value.map { Table.number($0, 2) } ?? "-" }
    if spec.command == .refit {
      var table = Table(["<robot", "<setting", "fitted", "failed", "wall s", "<one-step error"])
      for row in summary.rows {
        let errors = (row.errors ?? []).map { Table.number($0, 4) }.joined(separator: " ")
        table.add([
          row.robot, row.label, "\(row.successes) of \(row.jobs)", "\(row.failed)",
          number(row.wallTime), errors,
        ])
      }
      return table
    }
    var table = Table([
      "<robot", "<setting", "success", "failed", "median s", "min s", "max s", "<95 % of median",
      "wall s",
    ])
    for row in summary.rows {
      let interval = row.low.map { "\(number($0)) to \(row.high.map { number($0) } ?? "no bound")" }
      table.add([
        row.robot, row.label, "\(row.successes) of \(row.jobs)", "\(row.failed)",
        number(row.median), number(row.least), number(row.most), interval ?? "-",
        number(row.wallTime),
      ])
    }
    return table
  }
}

/// A job as `--json` tells it.
private struct JobEvent: Encodable {
  let event = "job"
  var folder: String
  var robot: String
  var setting: String
  var seed: UInt64
  var state: String
  var success: Bool?
  var experience: Double?
  var wallTime: Double?
  var reason: String

  enum CodingKeys: String, CodingKey {
    case event, folder, robot, setting, seed, state, success, reason
    case experience = "experience_s"
    case wallTime = "wall_s"
  }

  init(_ job: SweepJob, _ result: JobResult) {
    self.init(job, reason: result.reason)
    state = result.state.rawValue
    success = result.isSuccess
    experience = result.experience
    wallTime = result.wallTime
  }

  init(_ job: SweepJob, reason: String) {
    folder = job.path
    robot = job.robot
    setting = job.setting.label
    seed = job.seed
    state = "open"
    self.reason = reason
  }
}

/// A row of the table as `--json` tells it.
private struct RowEvent: Encodable {
  var row: SweepRow

  init(_ row: SweepRow) { self.row = row }

  private enum CodingKeys: String, CodingKey { case event }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode("row", forKey: .event)
    try row.encode(to: encoder)
  }
}
