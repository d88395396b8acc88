import Foundation
public import ReplanRealtime

/// cyclictest of the package rt-tests: the kernel's own measure of how late a thread wakes.
///
/// It sleeps by `clock_nanosleep` until absolute times and takes how late it is after each, in whole
/// microseconds; so does the control loop before its tick.
public struct CyclicTest: Sendable {
  /// What to do where it is not there.
  public static let remedy = "sudo apt-get install rt-tests"

  public let path: String

  /// - Parameter folders: searched in turn; by default those of PATH, then the usual ones.
  /// - Returns: nil where there is none.
  public static func find(in folders: [String]? = nil) -> CyclicTest? {
    let own = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let places =
      folders ?? own.split(separator: ":").map(String.init) + ["/usr/bin", "/usr/local/bin"]
    let path = places.map { $0 + "/cyclictest" }.first {
      FileManager.default.isExecutableFile(atPath: $0)
    }
    return path.map(CyclicTest.init)
  }

  /// - Parameter path: of the program.
  public init(path: String) { self.path = path }

  /// One run as long as `seconds` at a rate, memory locked, SCHED_FIFO.
  ///
  /// - Parameters:
  ///   - idle: called again and again until it has ended.
  ///   - isStopRequested: ends it early.
  public func run(
    seconds: Double, rate: Double, priority: Int, cpu: Int, idle: () -> Void,
    isStopRequested: () -> Bool
  ) throws(BenchError) -> LatencyHistogram {
    let file = FileManager.default.temporaryDirectory
      .appending(path: "cyclictest-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = Self.arguments(
      seconds: seconds, rate: rate, priority: priority, cpu: cpu, file: file.path)
    let errors = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    do { try process.run() } catch { throw .cyclicTest("\(path) cannot be run: \(error)") }
    while process.isRunning {
      if isStopRequested() { process.terminate() }
      idle()
      usleep(10_000)
    }
    guard process.terminationStatus == 0 else {
      let words = String(
        decoding: errors.fileHandleForReading.readDataToEndOfFile().prefix(300), as: UTF8.self)
      throw .cyclicTest(
        "\(path) ended with code \(process.terminationStatus): "
          + words.trimmingCharacters(in: .whitespacesAndNewlines))
    }
    return try Self.parse((try? Data(contentsOf: file)) ?? Data())
  }

  static func arguments(
    seconds: Double, rate: Double, priority: Int, cpu: Int, file: String
  ) -> [String] {
    [
      "--quiet", "--mlockall", "--policy=fifo", "--priority=\(priority)", "--affinity=\(cpu)",
      "--threads=1", "--interval=\(Int((1e6 / rate).rounded()))",
      "--loops=\(max(1, Int((seconds * rate).rounded())))", "--histogram=\(histogramLength)",
      "--json=\(file)",
    ]
  }

  /// Microseconds that its histogram reaches to: 0.1 s.
  static let histogramLength = 100_000

  /// The latencies of its one thread, from the file that `--json` names.
  static func parse(_ data: Data) throws(BenchError) -> LatencyHistogram {
    struct Report: Decodable {
      struct Entry: Decodable {
        var histogram: [String: Int]
        var cycles: Int
        var max: Int64
      }
      var thread: [String: Entry]
    }
    let report: Report
    do {
      report = try JSONDecoder().decode(Report.self, from: data)
    } catch {
      throw .cyclicTest("its report cannot be read: \(error)")
    }
    guard let entry = report.thread.values.first, report.thread.count == 1 else {
      throw .cyclicTest("its report has \(report.thread.count) threads instead of one")
    }
    var result = LatencyHistogram()
    for (text, count) in entry.histogram {
      guard let microseconds = Int64(text), count >= 0 else {
        throw .cyclicTest("its histogram has an entry \"\(text)\": \(count)")
      }
      for _ in 0..<count { result.record(microseconds: microseconds) }
    }
    // What lies beyond the histogram is counted as the largest.
    for _ in 0..<max(0, entry.cycles - result.count) { result.record(microseconds: entry.max) }
    guard result.count > 0 else { throw .cyclicTest("its report has no latency") }
    return result
  }
}
