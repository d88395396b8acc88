import Foundation
import Testing

extension CommandTests {
  /// Learning over the line while the plant runs on its own clock.
  @Suite(.serialized)
  struct RealTimeTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    @Test func learnsBesideTheClock() throws {
      // A busy machine may cost one plant the task or its punctuality, but not six.
      var run = try learn(seed: 1)
      for seed in 2...6 where try run.code == 1 || !isTimely() {
        try FileManager.default.removeItem(atPath: folder.file("w"))
        run = try learn(seed: seed)
      }
      #expect(run.code == 0, "\(run.errors)")
      let events = try run.events()
      let end = try #require(events.last)
      #expect(end.name == "end" && end.flag("success") == (run.code == 0))
      #expect(run.seconds > end.number("experience_s"))
      for episode in events.named("episode") {
        for percentiles in ["tick_us", "wake_us"].map(episode.object) {
          #expect(percentiles.integer("max") > 0)
          #expect(percentiles.integer("p50") <= percentiles.integer("p99"))
          #expect(percentiles.integer("p99") <= percentiles.integer("max"))
        }
      }
      try expectComplete(folder.file("w"))
      for episode in try WorkspaceReferee(folder.file("w")).episodes {
        let sequence = episode.numbers("sequence")
        let steps = zip(sequence, sequence.dropFirst()).map { $1 - $0 }
        #expect(steps.allSatisfy { $0 == 1 }, "samples were lost: \(sequence)")
      }
      #expect(try isTimely())
    }

    /// While it controls, by its own planner and by a large one; in a container that may not lock memory
    /// nothing is trimmed.
    @Test(arguments: [[], ["planner.kind=cem", "planner.candidates=200", "planner.iterations=5"]])
    func itFitsASmallBoard(changes: [String]) throws {
      let run = try ReplanProcess(
        ["run", Places.cartPole, "--model", Places.root + "/hil/models/cart-pole.safetensors"]
          + ["--duration", "4", "--workspace", "w", "--json"] + changes.flatMap { ["--set", $0] },
        in: folder)
      var locked: [Int] = []
      while let status = Self.status(of: run.identifier) {
        if status["VmLck", default: 0] > 0, let resident = status["VmRSS"] {
          locked.append(resident)
        }
        usleep(10_000)
      }
      let outcome = run.finish()
      #expect([0, 1].contains(outcome.code), "\(outcome.errors)")
      guard !locked.isEmpty else { return }
      let usual = locked.sorted()[locked.count / 2]
      // 24 MiB are for networks of twice the width; what start-up leaves behind would take the rest.
      #expect(usual < 23 * 1024, "\(usual) KiB resident while it controls")
    }

    /// The figures of a process, in KiB; nil once it is gone.
    private static func status(of identifier: Int32) -> [String: Int]? {
      guard let text = try? String(contentsOfFile: "/proc/\(identifier)/status", encoding: .utf8)
      else { return nil }
      var result: [String: Int] = [:]
      for line in text.split(separator: "\n") {
        let words = line.split(whereSeparator: \.isWhitespace)
        guard words.count == 3, words[2] == "kB", let value = Int(words[1]) else { continue }
        result[String(words[0].dropLast())] = value
      }
      return result.isEmpty ? nil : result
    }

    private func learn(seed: Int) throws -> Outcome {
      try folder.replan(
        "learn", Places.cartPole, "--json", "--workspace", "w", "--max-experience", "10", "--seed",
        "\(seed)")
    }

    /// Whether each sample was seen under the action that was sent last before it, in all episodes.
    private func isTimely() throws -> Bool {
      try WorkspaceReferee(folder.file("w")).episodes.allSatisfy { episode in
        let inForce = episode.numbers("action_sequence")
        // The watchdog has never given us up.
        let isHeard = episode.numbers("flags").dropFirst().allSatisfy { $0 == 1 }
        // A plan is sent at the edge of the next sample: that one was taken under the plan before. A
        // machine under load may slip now and then.
        let lags = episode.numbers("lags")
        let slips = lags.count { !(0...2).contains($0) }
        // One action is in force for one sample.
        let skipped = zip(inForce, inForce.dropFirst()).count { $0 > 0 && $1 != $0 + 1 }
        return isHeard && !lags.isEmpty && slips <= lags.count / 5
          && skipped <= max(4, inForce.count / 4)
      }
    }
  }
}
