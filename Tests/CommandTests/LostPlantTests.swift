import Foundation
import Testing

extension CommandTests {
  /// Plants that cannot be agreed with, or that are lost in the middle: nothing is lost with them.
  @Suite(.serialized)
  struct LostPlantTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    private func learn(_ device: String, _ more: String...) throws -> ReplanProcess {
      try ReplanProcess(
        ["learn", Places.cartPole, "--device", device, "--json", "--workspace", "w"] + more,
        in: folder)
    }

    /// Exit 69, the reason in words, and a workspace that is whole and continued.
    private func expectLoss(_ run: Outcome, _ words: String...) throws {
      #expect(run.code == 69, "\(run.errors)")
      for word in words { #expect(run.errors.contains(word), "\(word): \(run.errors)") }
      #expect(try run.events().last?.name == "error")
      #expect(try run.events().last?.integer("code") == 69)
      try expectComplete(folder.file("w"))
      let episodes = try WorkspaceReferee(folder.file("w")).episodes
      #expect(episodes.allSatisfy { $0.flag("finished") == true })
    }

    private func expectContinues() throws {
      let plant = try SeparatePlant.simulator(in: folder)
      let again = try folder.replan(
        "learn", Places.cartPole, "--device", plant.device, "--lockstep", "--workspace", "w",
        "--json")
      #expect(again.code == 0, "\(again.errors)")
      #expect(try #require(try again.events().first).integer("transitions") > 0)
      #expect(!again.errors.contains("unfinished"))
    }

    @Test(arguments: ["", "--lockstep"])
    func vanishesInMidEpisode(mode: String) throws {
      var plant = try SeparatePlant.simulator(in: folder)
      var outcome = try collect(from: plant, mode, vanishingAfter: 1)
      // On a busy host it may vanish before the episode has begun: then again, and later.
      for seconds: UInt32 in 2...5 where try outcome.events().named("episode").isEmpty {
        plant = try SeparatePlant.simulator(in: folder)
        outcome = try collect(from: plant, mode, vanishingAfter: seconds)
      }
      try expectLoss(outcome, plant.device, "vanished")
      let last = try #require(try outcome.events().named("episode").last)
      #expect(last.string("end") == "vanished" && last.flag("success") == false)
      try expectContinues()
    }

    private func collect(
      from plant: SeparatePlant, _ mode: String, vanishingAfter seconds: UInt32
    ) throws -> Outcome {
      let run = try ReplanProcess(
        [
          "collect", Places.cartPole, "--device", plant.device, "--json", "--workspace", "w",
          "--duration", "80000", "--fresh",
        ] + (mode.isEmpty ? [] : [mode]), in: folder)
      try run.await("start")
      usleep(seconds * 1_000_000)
      plant.vanish()
      return run.finish(within: 30)
    }

    @Test func otherChannelCounts() throws {
      let byOption = try folder.replan("learn", Places.cartPole, "--sim", "pendulum")
      let plant = try SeparatePlant.simulator("pendulum", in: folder)
      for run in [byOption, try learn(plant.device).finish()] {
        #expect(run.code == 69)
        #expect(run.errors.contains("2 observation") && run.errors.contains("4 observation"))
      }
    }

    @Test(arguments: [
      ("mute", "nothing heard"), ("version", "version 4"), ("rate", "100.0 Hz"),
      ("deny", "denied"), ("unusable", "not finite"),
    ])
    func cannotBeAgreedWith(vice: String, words: String) throws {
      let plant = try SeparatePlant.scripted(vice, in: folder)
      let run = try learn(plant.device).finish(within: 30)
      #expect(run.seconds < 20)
      try expectLoss(run, words)
    }

    @Test(arguments: [
      ("fault", "reports a fault"), ("disarm", "disarmed itself"), ("silence", "plant"),
    ])
    func turnsBadInMidEpisode(vice: String, words: String) throws {
      let plant = try SeparatePlant.scripted(vice, in: folder)
      let run = try learn(plant.device).finish(within: 60)
      #expect(run.seconds < 40)
      try expectLoss(run, words)
      plant.end()
      try expectContinues()
    }

    /// The plant is there, so it is the guard that has had enough, and says of what.
    @Test func sensorsThatTellNoNumberEndInAStop() throws {
      let plant = try SeparatePlant.scripted("nan", in: folder)
      let run = try folder.replan(
        "collect", Places.cartPole, "--device", plant.device, "--json", "--workspace", "w",
        "--duration", "20")
      #expect(run.code == 1, "\(run.errors)")
      let episode = try #require(try run.events().named("episode").last)
      #expect(episode.string("end") == "stopped by the guard")
      #expect(episode.object("verdicts").integer("notFinite") >= 30)
      #expect(try #require(try run.events().last).string("reason").contains("notFinite"))
      try expectComplete(folder.file("w"))
    }
  }
}
