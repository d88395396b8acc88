import Foundation
import ReplanRealtime
import Testing

@testable import ReplanBench

struct CyclicTestTests {
  /// As cyclictest 2.40 writes it, the machine's description left out.
  private func report(histogram: String, cycles: Int, max: Int, threads: String = "0") -> Data {
    let entries = threads.split(separator: ",").map { name in
      """
      "\(name)": { "histogram": {\(histogram)}, "cycles": \(cycles), "min": 3, "max": \(max),
        "avg": 22.50, "cpu": 1, "node": 0 }
      """
    }
    return Data(
      """
      { "file_version": 1, "cmdline:": "cyclictest -q", "return_code": 0, "num_threads": 1,
        "resolution_in_ns": 0, "thread": { \(entries.joined(separator: ",")) } }
      """.utf8)
  }

  @Test func readsTheHistogram() throws {
    let latencies = try CyclicTest.parse(
      report(histogram: #""3": 500, "20": 490, "55": 9, "900": 1"#, cycles: 1000, max: 900))
    #expect(latencies.count == 1000 && latencies.max == 900)
    #expect(latencies.p50 == 3 && latencies.p99 == 20)
    #expect(latencies.p999 == 55)
  }

  @Test func whatTheHistogramDoesNotHoldIsTheLargest() throws {
    let latencies = try CyclicTest.parse(
      report(histogram: #""3": 98"#, cycles: 100, max: 250_000))
    #expect(latencies.count == 100 && latencies.max == 250_000)
    #expect(latencies.p50 == 3 && latencies.p99 > 100_000)
  }

  @Test(arguments: [
    ("", "cannot be read"), ("{}", "cannot be read"), (#"{"thread": {}}"#, "0 threads"),
    (#"{"thread": {"0": {"histogram": {}, "cycles": 0, "max": 0}}}"#, "no latency"),
    (#"{"thread": {"0": {"histogram": {"x": 1}, "cycles": 1, "max": 1}}}"#, "\"x\""),
    (#"{"thread": {"0": {"histogram": {"1": -1}, "cycles": 1, "max": 1}}}"#, "-1"),
  ])
  func refusesWhatIsNoReport(text: String, words: String) {
    #expect {
      try CyclicTest.parse(Data(text.utf8))
    } throws: { error in
      "\(error)".contains("cyclictest failed") && "\(error)".contains(words)
    }
  }

  @Test func refusesSeveralThreads() {
    #expect(throws: BenchError.self) {
      try CyclicTest.parse(
        report(histogram: #""3": 1"#, cycles: 1, max: 3, threads: "0,1"))
    }
  }

  @Test func hasTheLoopsIntervalPriorityAndProcessor() {
    let arguments = CyclicTest.arguments(
      seconds: 2.5, rate: 1000, priority: 80, cpu: 1, file: "/x/y.json")
    for word in [
      "--policy=fifo", "--priority=80", "--affinity=1", "--interval=1000", "--loops=2500",
      "--mlockall", "--threads=1", "--json=/x/y.json",
    ] {
      #expect(arguments.contains(word), "\(word)")
    }
  }

  @Test func isFoundOnlyWhereItIs() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "cyclic-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(CyclicTest.find(in: [folder.path]) == nil)
    let program = folder.appending(path: "cyclictest")
    try Data("#!/bin/sh\n".utf8).write(to: program)
    #expect(CyclicTest.find(in: [folder.path]) == nil)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
    #expect(CyclicTest.find(in: ["/nowhere", folder.path])?.path == program.path)
  }

  /// A stand-in that writes a report where it is told to, or fails.
  private func standIn(_ script: String, _ body: (CyclicTest) throws -> Void) throws {
    let text = FileManager.default.temporaryDirectory.appending(path: "cyclic-\(UUID())")
    let program = text.appendingPathExtension("sh")
    try Data(("#!/bin/sh\n" + script).utf8).write(to: text)
    defer {
      try? FileManager.default.removeItem(at: text)
      try? FileManager.default.removeItem(at: program)
    }
    // Made by another process: a child that some other test starts just now may hold the file open for
    // writing that this one has, and the kernel runs no such file.
    let install = try Process.run(
      URL(filePath: "/usr/bin/install"), arguments: ["-m", "755", text.path, program.path])
    install.waitUntilExit()
    try #require(install.terminationStatus == 0)
    try body(CyclicTest(path: program.path))
  }

  private func run(_ test: CyclicTest) throws -> LatencyHistogram {
    try test.run(
      seconds: 1, rate: 1000, priority: 80, cpu: 0, idle: {}, isStopRequested: { false })
  }

  @Test func runsAndReadsItsReport() throws {
    let report = #"{"thread": {"0": {"histogram": {"7": 5}, "cycles": 5, "max": 7}}}"#
    try standIn(
      """
      for word in "$@"; do case "$word" in --json=*) echo '\(report)' > "${word#--json=}";; esac; done
      """
    ) { test in
      let latencies = try run(test)
      #expect(latencies.count == 5 && latencies.p99 == 7)
    }
  }

  @Test func aFailureIsToldInItsOwnWords() throws {
    try standIn("echo 'Unable to change scheduling policy!' >&2; exit 1") { test in
      #expect {
        try run(test)
      } throws: { error in
        "\(error)".contains("code 1") && "\(error)".contains("scheduling policy")
      }
    }
    try standIn("exit 0") { test in #expect(throws: BenchError.self) { try run(test) } }
    #expect(throws: BenchError.self) { try run(CyclicTest(path: "/nowhere/cyclictest")) }
  }
}
