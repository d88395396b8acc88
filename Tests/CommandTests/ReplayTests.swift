import Foundation
import Testing

extension CommandTests {
  /// `replay`: exact episodes, altered ones, what-ifs, and what cannot be replayed.
  @Suite(.serialized)
  struct ReplayTests {
    let folder: Folder

    /// A workspace with two episodes: exploration, and planning with refits inside.
    init() throws {
      folder = try Folder()
      let learn = try folder.replan(
        "learn", Places.cartPole, "--lockstep", "--seed", "1", "--max-experience", "1.5",
        "--workspace", "w")
      try #require([0, 1].contains(learn.code), "\(learn.errors)")
    }

    private func alter(_ source: String, _ target: String, _ change: String...) throws {
      let process = Process()
      process.executableURL = try Places.python()
      process.arguments =
        [Places.script("alter_episode.py"), folder.file(source), folder.file(target)] + change
      try process.run()
      process.waitUntilExit()
      try #require(process.terminationStatus == 0, "the script failed; see its message above")
    }

    @Test func whatWasRecordedComesOutAgain() throws {
      let episodes = try folder.names(in: "w/episodes")
      #expect(episodes.count >= 2)
      for name in episodes {
        let run = try folder.replan("replay", "w/episodes/\(name)")
        #expect(run.code == 0, "\(run.output) \(run.errors)")
        #expect(run.output.contains("THE SAME") && run.output.contains("times real time"))
      }
      let run = try folder.replan("replay", "w/episodes/0002.mcap", "--json")
      let events = try run.events()
      #expect(run.code == 0 && events.map(\.name) == ["start", "end"])
      #expect(events[0].string("kind") == "mpc" && events[0].integer("seed") == 1)
      #expect(events[1].flag("success") == true && events[1].integer("refits") > 0)
      #expect(events[1].integer("ticks") == events[0].integer("ticks"))
      #expect(events[1].integer("fields") >= 13 * events[1].integer("ticks"))
    }

    /// One that differs and one that is none do not hinder the others.
    @Test func severalEpisodesAreReplayedOneByOne() throws {
      let all = try folder.replan("replay", "w", "--json")
      let count = try folder.names(in: "w/episodes").count
      let events = try all.events()
      #expect(all.code == 0 && events.named("end").count == count, "\(all.errors)")
      #expect(events.last?.name == "total" && events.last?.integer("exact") == count)
      try alter("w/episodes/0002.mcap", "other.mcap", "observation", "21")
      try folder.write("no episode", "no.mcap")
      let three = try folder.replan(
        "replay", "no.mcap", "other.mcap", "w/episodes/0001.mcap", "--model",
        "w/models/0001.safetensors")
      #expect(three.code == 1 && three.errors.contains("no.mcap"), "\(three.errors)")
      #expect(
        three.output.contains(
          "1 of 3 episodes agree bit for bit; not the same or not verified: 1; not compared: 1"))
      let two = try folder.replan("replay", "no.mcap", "w/episodes/0001.mcap")
      #expect(two.code == 65 && two.output.contains("THE SAME"), "\(two.errors)")
    }

    @Test func anAlteredObservationIsFound() throws {
      try alter("w/episodes/0002.mcap", "w/episodes/same.mcap", "nothing")
      #expect(try folder.replan("replay", "w/episodes/same.mcap").code == 0)
      try alter("w/episodes/0002.mcap", "w/episodes/other.mcap", "observation", "21")
      let plain = try folder.replan("replay", "w/episodes/other.mcap")
      #expect(plain.code == 1, "\(plain.errors)")
      #expect(plain.output.contains("tick 21: state.cart_position was recorded as"))
      let run = try folder.replan("replay", "w/episodes/other.mcap", "--json")
      let events = try run.events()
      #expect(run.code == 1 && events.map(\.name) == ["start", "difference", "end"])
      #expect(events[1].integer("tick") == 21)
      #expect(events[1].string("field") == "state.cart_position")
      let bits = [events[1].string("recorded_bits"), events[1].string("recomputed_bits")]
        .compactMap { UInt32($0.dropFirst(2), radix: 16) }
      #expect(bits.count == 2 && bits[0] ^ bits[1] == 1)
      #expect(events[2].flag("success") == false && events[2].integer("different_ticks") >= 1)
      let before = try folder.replan("replay", "w/episodes/other.mcap", "--until", "21")
      #expect(before.code == 0)
      let from = try folder.replan("replay", "w/episodes/other.mcap", "--from", "20", "--json")
      #expect(try from.events()[1].integer("tick") == 21)
    }

    @Test func anAlteredModelFileIsFound() throws {
      let path = folder.file("w/models/0001.safetensors")
      var bytes = try Data(contentsOf: URL(filePath: path))
      try bytes.write(to: URL(filePath: folder.file("copy.safetensors")))
      bytes[bytes.count - 3] ^= 1
      try bytes.write(to: URL(filePath: path))
      let run = try folder.replan("replay", "w/episodes/0002.mcap", "--json")
      #expect(run.code == 1 && run.errors.contains("altered"), "\(run.errors)")
      #expect(try run.events().last?.name == "error")
      let named = try folder.replan("replay", "w/episodes/0002.mcap", "--model", path)
      #expect(named.code == 1 && named.errors.contains("0001.safetensors"), "\(named.errors)")
      let copy = try folder.replan("replay", "w/episodes/0002.mcap", "--model", "copy.safetensors")
      #expect(copy.code == 0, "\(copy.errors)")
      let missing = try folder.replan("replay", "w/episodes/0002.mcap", "--model", "no")
      #expect(missing.code == 74)
    }

    @Test func aWhatIfShowsPlansSideBySide() throws {
      let run = try folder.replan(
        "replay", "w/episodes/0002.mcap", "--what-if", "planner.horizon=40", "--what-if",
        "planner.iterations=1", "--from", "5", "--until", "25", "--json")
      #expect(run.code == 0, "\(run.errors)")
      let events = try run.events()
      #expect(events.count == 22)
      #expect(events[1].name == "what_if" && events[1].integer("tick") == 5)
      #expect(events[1].object("action").number("force").isFinite)
      #expect(events[1].object("changed_action").number("force").isFinite)
      #expect(events[21].integer("different_actions") > 0)
      let plain = try folder.replan(
        "replay", "w/episodes/0002.mcap", "--what-if", "planner.horizon=0.8")
      #expect(plain.code == 0 && plain.output.contains("what if"))
      #expect(!plain.output.contains("THE SAME"))
    }

    @Test func whatIsWrongIsTold() throws {
      func run(_ more: String...) throws -> Outcome {
        try ReplanProcess(["replay", "w/episodes/0002.mcap"] + more, in: folder).finish()
      }
      let key = try run("--what-if", "planner.horizn=40")
      #expect(key.code == 65 && key.errors.contains("did you mean horizon?"), "\(key.errors)")
      let value = try run("--what-if", "planner.horizon=far")
      #expect(value.code == 65 && value.errors.contains("far"), "\(value.errors)")
      let rate = try run("--what-if", "rate=60")
      #expect(rate.code == 64 && rate.errors.contains("rate"), "\(rate.errors)")
      for words in [
        ["--what-if", "planner"], ["--from", "-1"], ["--from", "9", "--until", "9"],
        ["--from", "90000"],
      ] {
        let wrong = try ReplanProcess(["replay", "w/episodes/0002.mcap"] + words, in: folder)
          .finish()
        #expect(wrong.code == 64, "\(words) \(wrong.errors)")
      }
      let missing = try folder.replan("replay", "w/episodes/0099.mcap")
      #expect(missing.code == 74 && missing.errors.contains("0099.mcap"))
      let other = try folder.write("no episode", "no.mcap")
      #expect(try folder.replan("replay", other).code == 65)
      try alter("w/episodes/0002.mcap", "w/episodes/old.mcap", "format1")
      let old = try folder.replan("replay", "w/episodes/old.mcap")
      #expect(old.code == 65 && old.errors.contains("format 1"), "\(old.errors)")
    }
  }

  /// On the plant's own clock, with a planner that does not always finish.
  @Suite(.serialized)
  struct RealTimeReplayTests {
    @Test func whatWasRecordedComesOutAgain() throws {
      let folder = try Folder()
      let run = try folder.replan(
        "run", Places.cartPole, "--model", Places.root + "/hil/models/cart-pole.safetensors",
        "--duration", "2", "--workspace", "w")
      try #require([0, 1].contains(run.code), "\(run.errors)")
      let replay = try folder.replan(
        "replay", "w/episodes/0001.mcap", "--model",
        Places.root + "/hil/models/cart-pole.safetensors", "--json")
      #expect(replay.code == 0, "\(replay.output) \(replay.errors)")
      #expect(try replay.events().last?.flag("success") == true)
      let lost = try folder.replan("replay", "w/episodes/0001.mcap")
      #expect(lost.code == 1 && lost.errors.contains("--model"), "\(lost.errors)")
    }
  }
}
