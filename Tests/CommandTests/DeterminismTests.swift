import Foundation
import Testing

extension CommandTests {
  /// Lockstep is deterministic, and not bound to the clock.
  @Suite(.serialized)
  struct DeterminismTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    /// What a run leaves behind that must not depend on when and how fast it ran.
    private struct Trace: Equatable {
      var journal: [String]
      var models: [Data]
      var episodes: [String]
    }

    private static let wallTimes: Set<String> = [
      "tick_us", "wake_us", "latency_us", "transport_us", "overruns",
    ]

    private func learn(seed: Int, robot: String, _ name: String) throws -> (Trace, Outcome) {
      let run = try folder.replan(
        "learn", robot, "--lockstep", "--json", "--seed", "\(seed)", "--workspace", name)
      try #require(run.code == 0, "\(run.errors)")
      let journal = try Event.parse(folder.text(name + "/journal.jsonl")).map { event in
        // `seconds` of an episode is simulated time, that of a fit is not.
        try event.text(
          without: Self.wallTimes.union(event.name == "fit" ? ["seconds", "training_seconds"] : []))
      }
      let models = try folder.names(in: name + "/models").map {
        try folder.bytes(name + "/models/" + $0)
      }
      let referee = try WorkspaceReferee(folder.file(name))
      let trace = Trace(
        journal: journal, models: models, episodes: referee.episodes.map { $0.string("digest") })
      return (trace, run)
    }

    @Test(arguments: [Places.cartPole, Places.pendulum])
    func sameSeedSameRun(robot: String) throws {
      let (first, _) = try learn(seed: 3, robot: robot, "first")
      let (again, _) = try learn(seed: 3, robot: robot, "again")
      #expect(first.journal == again.journal)
      #expect(first.models == again.models)
      #expect(first.episodes == again.episodes)
    }

    @Test func anotherSeedAnotherRun() throws {
      let (first, _) = try learn(seed: 1, robot: Places.cartPole, "first")
      let (other, _) = try learn(seed: 2, robot: Places.cartPole, "other")
      for (a, b) in zip(first.episodes, other.episodes) { #expect(a != b) }
      for (a, b) in zip(first.models, other.models) { #expect(a != b) }
      #expect(first.journal[1] != other.journal[1])
    }

    /// Ten minutes of it, which even a busy machine has long before five have passed.
    @Test func simulatedTimePassesFaster() throws {
      let run = try folder.replan(
        "collect", Places.cartPole, "--lockstep", "--duration", "600", "--workspace", "w", "--json")
      let experience = try #require(try run.events().last).number("experience_s")
      #expect(run.code == 0 && experience == 600, "\(run.errors)")
      #expect(
        run.seconds < experience / 2, "\(run.seconds) s for \(experience) s of simulated time")
    }
  }
}
