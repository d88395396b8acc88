import Foundation
import ReplanRealtime

/// Runs jobs as an array of Slurm, and waits for it.
///
/// A sweep that is started again while its array is still in the queue waits for that one first.
///
/// - Source: Slurm's manual pages sbatch(1), squeue(1) and scancel(1).
public struct SlurmEngine: SweepEngine {
  /// The program `replan`, on a file system that the nodes share.
  public let program: String
  /// Tasks of the array that run at the same time; nil for as many as the queue admits.
  public let places: Int?

  public init(program: String, places: Int?) {
    self.program = program
    self.places = places
  }

  public func run(
    _ jobs: [SweepJob], in folder: SweepFolder, tell: @escaping @Sendable (SweepProgress) -> Void
  ) async throws(SweepError) {
    var watch = ArrayWatch(folder: folder, tell: tell)
    if let earlier = try earlierArray(in: folder) {
      tell(.queued(jobs: jobs.count, number: earlier))
      try await wait(for: earlier, jobs, &watch)
      if StopSignal.requests > 0 { return }
    }
    let left = folder.unfinished(jobs)
    guard !left.isEmpty else { return }
    let number = try submit(left, in: folder)
    tell(.queued(jobs: left.count, number: number))
    try await wait(for: number, left, &watch)
    for job in left where folder.result(job) == nil {
      tell(
        .brokeOff(
          job,
          reason: StopSignal.requests > 0
            ? "interrupted" : "left no result; see \(folder.folder(job).log)"))
    }
  }

  /// The array of an earlier process, if it is still in the queue.
  private func earlierArray(in folder: SweepFolder) throws(SweepError) -> String? {
    let data = FileManager.default.contents(atPath: folder.path + "/slurm/array")
    let number = data.map { String(decoding: $0, as: UTF8.self) }?
      .trimmingCharacters(in: .whitespacesAndNewlines)
    guard let number, !number.isEmpty, try isQueued(number) else { return nil }
    return number
  }

  private func submit(
    _ jobs: [SweepJob], in folder: SweepFolder
  ) throws(SweepError) -> String {
    let place = URL(filePath: folder.path).standardizedFileURL.path + "/slurm"
    try SweepFiles.makeFolder(place)
    let paths = jobs.map { URL(filePath: folder.folder($0).path).standardizedFileURL.path }
    // The list is part of the script, which the queue copies: a later submission cannot change it.
    let script = """
      #!/bin/bash
      # Task N of the array runs the job in line N below.
      job=$(sed -n "/^#JOBS$/,\\$p" "$0" | sed -n "$((SLURM_ARRAY_TASK_ID + 1))p")
      exec \(Self.quoted(program)) sweep-job "${job#\\#}"
      #JOBS
      \(paths.map { "#" + $0 }.joined(separator: "\n"))

      """
    try SweepFiles.write(Data(script.utf8), to: place + "/script")
    let limit = places.map { "%\($0)" } ?? ""
    let words = try SlurmCommand.run(
      "sbatch",
      [
        "--parsable", "--job-name=replan-sweep", "--array=1-\(jobs.count)\(limit)",
        "--output=\(place)/task-%a.txt", "--open-mode=append", place + "/script",
      ])
    // With clusters the name follows after a semicolon.
    let number = words.split(separator: ";").first.map(String.init) ?? words
    guard !number.isEmpty, number.allSatisfy(\.isNumber) else {
      throw .refused(program: "sbatch", words: words)
    }
    try SweepFiles.write(Data((number + "\n").utf8), to: place + "/array")
    return number
  }

  private func wait(
    for number: String, _ jobs: [SweepJob], _ watch: inout ArrayWatch
  ) async throws(SweepError) {
    var isCancelled = false
    while true {
      let isQueued = try isQueued(number)
      watch.look(at: jobs)
      guard isQueued else { return }
      if StopSignal.requests > 0, !isCancelled {
        isCancelled = true
        try cancel(number)
      }
      try? await Task.sleep(for: .milliseconds(300))
    }
  }

  private func isQueued(_ number: String) throws(SweepError) -> Bool {
    // An array that has left the queue is an error to squeue.
    let words = try SlurmCommand.run(
      "squeue", ["--noheader", "--format=%i", "--jobs=\(number)"], forgiving: "Invalid job id")
    return !words.isEmpty
  }

  /// What waits is taken back; what runs is asked to stop, so that it can be continued.
  private func cancel(_ number: String) throws(SweepError) {
    _ = try SlurmCommand.run(
      "scancel", ["--state=PENDING", number], forgiving: "Invalid job id")
    _ = try SlurmCommand.run(
      "scancel", ["--signal=INT", "--full", number], forgiving: "Invalid job id")
  }

  private static func quoted(_ text: String) -> String {
    "'" + text.replacing("'", with: "'\\''") + "'"
  }
}

/// Tells which jobs of an array have begun and ended since the last look.
private struct ArrayWatch {
  let folder: SweepFolder
  let tell: @Sendable (SweepProgress) -> Void
  var begun: Set<String> = []
  var ended: Set<String> = []

  mutating func look(at jobs: [SweepJob]) {
    for job in jobs where !ended.contains(job.path) {
      let place = folder.folder(job)
      if !begun.contains(job.path), place.hasBegun {
        begun.insert(job.path)
        tell(.started(job))
      }
      guard let result = folder.result(job) else { continue }
      ended.insert(job.path)
      tell(.ended(job, result))
    }
  }
}
