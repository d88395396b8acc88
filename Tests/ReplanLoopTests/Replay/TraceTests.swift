import Foundation
import ReplanRecord
import ReplanRobot
import Testing

@testable import ReplanLoop

/// An episode that is committed with the sources: what the controller decides from its observations
/// must not change unnoticed.
@Suite struct TraceTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Traces")
  private let path = folder.appending(path: "cart-pole.mcap").path
  private let modelPath = folder.appending(path: "cart-pole.safetensors").path

  private static let advice =
    "if this change of what is decided is meant, `make trace` renews the trace, and the commit says "
    + "why it had to change"

  @Test func theCommittedEpisodeComesOutAsItIs() throws {
    let episode = try EpisodeReader.read(path)
    let report = try Replay(episode, path: path, modelPath: modelPath).compare()
    #expect(report.isExact, "\(report.words): \(Self.advice)")
    #expect(report.ticks >= 30 && report.refits >= 3)
    #expect(episode.isComplete && episode.ticks.contains { $0.planCost.isFinite })
  }

  @Test func itStaysSmall() throws {
    let sizes = try [path, modelPath].map {
      try FileManager.default.attributesOfItem(atPath: $0)[.size] as? Int ?? .max
    }
    #expect(sizes.reduce(0, +) <= 200_000)
  }
}

extension ReplayReport {
  fileprivate var words: String {
    guard let first else { return gap.map { "\($0)" } ?? "exact" }
    return
      "tick \(first.tick), \(first.field): recorded \(first.recorded) (\(first.recorded.bitText)), "
      + "now \(first.recomputed) (\(first.recomputed.bitText))"
  }
}
