import Foundation
import Testing

extension CommandTests {
  /// Exploration by disagreement, by sines, and by optimism.
  @Suite(.serialized)
  struct ExplorationTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    private func robot(_ section: String, _ changes: (String, String)...) throws -> String {
      var text = try String(contentsOfFile: Places.pendulum, encoding: .utf8)
      for (old, new) in changes { text = text.replacing(old, with: new) }
      return try folder.write(text + "\n" + section + "\n", "robot.yaml")
    }

    private func episodes(_ run: Outcome) throws -> [Event] {
      try run.events().named("episode")
    }

    @Test func directedEpisodesComeBetweenTheFirstAndTheTask() throws {
      let file = try robot("exploration: {policy: directed, episodes: 2, seconds: 0.5}")
      let run = try folder.replan(
        "learn", file, "--lockstep", "--workspace", "w", "--json", "--max-experience", "20")
      #expect([0, 1].contains(run.code), "\(run.errors)")
      let episodes = try episodes(run)
      #expect(episodes.prefix(4).map { $0.string("kind") } == ["base", "base", "base", "mpc"])
      #expect(episodes[1].number("seconds") <= 0.5)
      let referee = try WorkspaceReferee(folder.file("w"))
      #expect(referee.episodes.count == episodes.count)
      // Their actions are the table's, so that they replay as any other.
      let replay = try folder.replan("replay", "w/episodes/0002.mcap", "w/episodes/0004.mcap")
      #expect(replay.code == 0, "\(replay.errors)")
      try expectComplete(folder.file("w"))
    }

    @Test func theBasePolicyMayBeRepeatedInstead() throws {
      let file = try robot("exploration: {policy: base, episodes: 1, seconds: 1}")
      let run = try folder.replan(
        "learn", file, "--lockstep", "--workspace", "w", "--json", "--max-experience", "1.6")
      let episodes = try episodes(run)
      #expect(episodes.prefix(2).map { $0.number("seconds") } == [0.5, 1])
    }

    @Test func optimisticEpisodesReplay() throws {
      let file = try robot(
        "exploration: {optimistic_episodes: 1}",
        ("planner: {kind: ilqr, horizon: 1.5}", "planner: {kind: cem, horizon: 0.4}"))
      let run = try folder.replan(
        "learn", file, "--lockstep", "--workspace", "w", "--json", "--max-experience", "3")
      #expect([0, 1].contains(run.code), "\(run.errors)")
      let count = try episodes(run).count
      #expect(count >= 2)
      let replay = try folder.replan("replay", "w/episodes/0002.mcap")
      #expect(replay.code == 0, "\(replay.errors)")
      let bytes = try folder.bytes("w/episodes/0002.mcap")
      #expect(bytes.count > 1000)
    }

    @Test func sinesAreABasePolicyToo() throws {
      let file = try robot(
        "", ("{kind: ou, seconds: 0.5}", "{kind: multisine, amplitude: 0.8, seconds: 1}"))
      let run = try folder.replan(
        "learn", file, "--lockstep", "--workspace", "w", "--json", "--max-experience", "1.2")
      let first = try #require(try episodes(run).first)
      #expect(first.string("kind") == "base" && first.number("seconds") == 1)
      let replay = try folder.replan("replay", "w/episodes/0001.mcap")
      #expect(replay.code == 0, "\(replay.errors)")
      let wrong = try robot(
        "", ("{kind: ou, seconds: 0.5}", "{kind: multisine, band: [1, 400], seconds: 1}"))
      #expect(try folder.replan("learn", wrong, "--workspace", "v").code == 64)
    }

    @Test func collectSeeksTooAndNeedsAModel() throws {
      let none = try folder.replan(
        "collect", Places.pendulum, "--directed", "--lockstep", "--workspace", "w")
      #expect(none.code == 65 && none.errors.contains("no model"))
      #expect(
        try folder.replan("collect", Places.pendulum, "--lockstep", "--workspace", "w").code == 0)
      #expect(try folder.replan("refit", Places.pendulum, "--workspace", "w").code == 0)
      let run = try folder.replan(
        "collect", Places.pendulum, "--directed", "--lockstep", "--workspace", "w", "--episodes",
        "2", "--duration", "1", "--json")
      #expect(run.code == 0, "\(run.errors)")
      #expect(try episodes(run).count == 2)
      #expect(
        try folder.replan(
          "collect", Places.pendulum, "--directed", "--excitation", "prbs"
        ).code == 64)
    }

    @Test func contradictionsAreToldWithTheirPlace() throws {
      for section in [
        "exploration: {policy: directed, seconds: 0}",
        "exploration: {optimistic_episodes: 1}",
        "exploration: {policy: curious}",
      ] {
        let run = try folder.replan("learn", robot(section), "--workspace", "w")
        #expect(run.code == 65 && run.errors.contains("exploration"), "\(section)")
      }
    }
  }
}
