import Foundation
import Testing

extension CommandTests {
  /// Asked to stop at any moment, the plant ends disarmed and the workspace complete.
  @Suite(.serialized)
  struct StopTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    /// A robot file whose fits take long enough to be met.
    private func slowFits() throws -> String {
      let text = try String(contentsOfFile: Places.cartPole, encoding: .utf8)
      try #require(text.contains("{steps: 2000}"))
      return try folder.write(
        text.replacingOccurrences(of: "{steps: 2000}", with: "{steps: 1000000}"), "slow.yaml")
    }

    /// The plant's own log: in the end it was not armed any more, and under the safe action.
    private func expectDisarmed(hasRun: Bool) throws {
      let table = try SampleTable(folder)
      let armed = try table.values("armed")
      #expect(armed.last == 0)
      if hasRun { #expect(armed.contains(1)) }
      #expect(try table.values("applied_0").last == 0)
    }

    private func expectStopped(_ outcome: Outcome, robot: String = Places.cartPole) throws {
      #expect(outcome.code == 1, "\(outcome.errors)")
      let end = try #require(try outcome.events().last)
      #expect(end.name == "end" && end.string("reason") == "interrupted", "\(outcome.output)")
      #expect(end.flag("success") == false)
      try expectComplete(folder.file("w"))
      let episodes = try WorkspaceReferee(folder.file("w")).episodes
      #expect(episodes.allSatisfy { $0.flag("finished") == true })
    }

    /// Waits until the plant has logged a sample more, which shows its last state.
    private func letPlantSample() { usleep(60_000) }

    private func expectContinues() throws {
      let plant = try SeparatePlant.simulator(in: folder)
      let again = try folder.replan(
        "learn", Places.cartPole, "--device", plant.device, "--lockstep", "--workspace", "w",
        "--json")
      #expect(again.code == 0, "\(again.errors)")
      #expect(!again.errors.contains("unfinished") && !again.errors.contains("torn"))
    }

    /// Moments in the exciting episode and in one with a model, a little earlier or later.
    @Test(arguments: [
      (SIGINT, "start", 0.2), (SIGINT, "fit", 0.03), (SIGINT, "fit", 0.7), (SIGTERM, "fit", 0.3),
      (SIGHUP, "start", 0.1),
    ])
    func inRealTime(signal: Int32, event: String, later: Double) throws {
      let plant = try SeparatePlant.simulator(in: folder)
      let run = try folder.start(
        "learn", Places.cartPole, "--device", plant.device, "--json", "--workspace", "w")
      try run.await(event)
      usleep(UInt32(later * 1e6))
      run.send(signal)
      try expectStopped(run.finish(within: 30))
      letPlantSample()
      plant.end()
      // Soon after the start it may not have been armed yet.
      try expectDisarmed(hasRun: event != "start")
      try expectContinues()
    }

    @Test(arguments: [0.0, 0.05, 0.13, 0.31])
    func inLockstep(later: Double) throws {
      let plant = try SeparatePlant.simulator(in: folder)
      let run = try folder.start(
        "collect", Places.cartPole, "--device", plant.device, "--json", "--workspace", "w",
        "--lockstep", "--episodes", "100000", "--duration", "3")
      try run.await("episode")
      usleep(UInt32(later * 1e6))
      run.send(SIGINT)
      try expectStopped(run.finish(within: 30))
      plant.end()
      try expectContinues()
    }

    /// In lockstep no sample follows the disarming, so the next controller looks at the plant.
    @Test func lockstepLeavesThePlantDisarmed() throws {
      let plant = try SeparatePlant.simulator(in: folder)
      let run = try folder.start(
        "collect", Places.cartPole, "--device", plant.device, "--json", "--workspace", "w",
        "--lockstep", "--duration", "80000")
      try run.await("start")
      usleep(300_000)
      run.send(SIGINT)
      try expectStopped(run.finish(within: 30))
      let armed = try SeparatePlant.armedAfterwards(plant.device, in: folder)
      #expect(armed == "disarmed")
    }

    @Test(arguments: [["--lockstep"], []])
    func duringAFit(mode: [String]) throws {
      let plant = try SeparatePlant.simulator(in: folder)
      let robot = try slowFits()
      let run = try ReplanProcess(
        ["learn", robot, "--device", plant.device, "--json", "--workspace", "w"] + mode,
        in: folder)
      try run.await("episode")
      run.send(SIGINT)
      // After ten seconds it would be ended without a word.
      let outcome = run.finish(within: 60)
      try expectStopped(outcome, robot: robot)
      // Nothing half fitted is kept.
      #expect(try outcome.events().named("fit").isEmpty)
      #expect(try folder.names(in: "w/models").isEmpty)
    }

    @Test func duringAReset() throws {
      let plant = try SeparatePlant.scripted("slow-reset", in: folder)
      let run = try folder.start(
        "learn", Places.cartPole, "--device", plant.device, "--json", "--workspace", "w")
      try plant.await("reset")
      run.send(SIGINT)
      // The reset would take a minute.
      try expectStopped(run.finish(within: 60))
      try plant.await("disarmed")
      plant.end()
      try expectContinues()
    }

    @Test func whileWaitingForThePlant() throws {
      let plant = try SeparatePlant.scripted("mute", in: folder)
      let run = try folder.start(
        "learn", Places.cartPole, "--device", plant.device, "--json", "--workspace", "w")
      while !folder.exists("w/journal.jsonl") { usleep(1000) }
      usleep(200_000)
      run.send(SIGINT)
      // Of a plant that stays silent it would say so, by another code.
      let outcome = run.finish(within: 60)
      #expect(outcome.code == 1, "\(outcome.errors)")
    }

    @Test func aSecondSignalEndsAtOnce() throws {
      let plant = try SeparatePlant.scripted("slow-reset", in: folder)
      let run = try folder.start(
        "learn", Places.cartPole, "--device", plant.device, "--json", "--workspace", "w")
      try plant.await("reset")
      run.send(SIGINT)
      run.send(SIGTERM)
      // The reset would take a minute.
      let outcome = run.finish(within: 30)
      #expect(outcome.code == 1)
      try plant.await("disarmed")
      try expectComplete(folder.file("w"))
    }

    @Test func refitStoresNothingHalf() throws {
      let collect = try folder.replan(
        "collect", Places.cartPole, "--lockstep", "--duration", "2", "--workspace", "w")
      #expect(collect.code == 0)
      let run = try folder.start("refit", try slowFits(), "--workspace", "w", "--json")
      usleep(300_000)
      run.send(SIGINT)
      let outcome = run.finish(within: 30)
      // Left alone it would have fitted, and succeeded.
      #expect(outcome.code == 1)
      #expect(try folder.names(in: "w/models").isEmpty)
    }
  }
}
