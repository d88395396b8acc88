import Foundation
import Testing

@testable import ReplanRealtime

@Suite struct CPULatencyTests {
  private let path = NSTemporaryDirectory() + "replan-latency-" + UUID().uuidString

  private func descriptors() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap {
      try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + $0)
    }
  }

  @Test func aHoldKeepsTheFileOpenUntilItIsReleased() throws {
    try Data().write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let hold = CPULatency.hold(path: path)
    #expect(hold.report.isComplete)
    #expect(try Data(contentsOf: URL(filePath: path)) == Data([0, 0, 0, 0]))
    #expect(try descriptors().contains(path))
    hold.release()
    #expect(try !descriptors().contains(path))
  }

  @Test func theEndOfTheValueReleases() throws {
    try Data().write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    do {
      let hold = CPULatency.hold(path: path)
      #expect(hold.report.isComplete)
      #expect(try descriptors().contains(path))
    }
    #expect(try !descriptors().contains(path))
  }

  @Test func whatCannotBeHadIsReportedWithARemedy() throws {
    let missing = CPULatency.hold(path: path)
    #expect(missing.report.shortfalls.count == 1)
    #expect(missing.report.description.contains(path))
    // A folder cannot be written.
    let folder = CPULatency.hold(path: NSTemporaryDirectory())
    let shortfall = try #require(folder.report.shortfalls.first)
    #expect(shortfall.remedy.contains("chmod"))
  }
}
