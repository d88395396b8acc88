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
