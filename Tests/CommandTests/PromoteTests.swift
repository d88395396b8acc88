import Foundation
import Testing

extension CommandTests {
  /// `models`, `promote`, `rollback`: which model runs.
  @Suite(.serialized)
  struct PromoteTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    private func robot(_ changes: (String, String)...) throws -> String {
      var text = try String(contentsOfFile: Places.pendulum, encoding: .utf8)
      for (old, new) in changes { text = text.replacing(old, with: new) }
      return try folder.write(text, "robot-\(changes.count)-\(text.count).yaml")
    }

    private func models() throws -> [Event] {
      try folder.replan("models", "w", "--json").events()
    }

    /// Enough episodes that one is held out: some random ones, then the task.
    private func record() throws {
      // Two fits to one held-out episode differ by chance, and are not what is tested.
      let tolerant = try robot(("link:", "promotion: {worse: 3}\nlink:"))
      let collect = try folder.replan(
        "collect", tolerant, "--lockstep", "--episodes", "4", "--duration", "2",
        "--workspace", "w")
      try #require(collect.code == 0, "\(collect.errors)")
      let learn = try folder.replan(
        "learn", Places.pendulum, "--lockstep", "--workspace", "w", "--json")
      try #require(learn.code == 0, "\(learn.errors)")
    }

    @Test func aBadModelIsRefusedAndAGoodOneRuns() throws {
      try record()
      let learned = try models()
      let running = try #require(learned.last { $0.string("state") == "running" })
      #expect(learned.count { $0.flag("current") == true } == 1)
      #expect(running.object("errors").flag("held_out") == true)
      #expect(running.object("split").string("held_out") == "5")
      #expect(!running.object("split").string("training").contains("5"))
      #expect(running.string("code_version").hasPrefix("replan"))
      #expect(running.list("valid_region").count == 3)
      #expect(running.values["units"] as? [String] == ["rad", "rad/s", "N·m"])

      // One step of training: the same network, and it knows nothing.
      let careless = try robot(("model: {", "model: {training: {steps: 1}, "))
      #expect(try folder.replan("refit", careless, "--workspace", "w").code == 0)
      let refused = try folder.replan("promote", "w", "--json")
      #expect(refused.code == 1, "\(refused.errors)")
      let figures = try #require(try refused.events().last)
      #expect(figures.flag("promoted") == false && figures.string("reason").contains("worse"))
      #expect(figures.numbers("ratios").max() ?? 0 > 3)
      #expect(figures.object("canary").integer("ticks") > 0)
      #expect(try models().last?.string("state") == "rejected")
      #expect(try folder.replan("models", "w").output.contains("rejected"))
      // It is not what runs.
      let run = try folder.replan(
        "run", Places.pendulum, "--lockstep", "--workspace", "w", "--duration", "1", "--json")
      #expect(run.errors.contains("model \(running.integer("index")) is in use"))
      #expect(try folder.replan("promote", "w").code == 65)

      #expect(
        try folder.replan("refit", Places.pendulum, "--workspace", "w", "--seed", "9").code == 0)
      let promoted = try folder.replan(
        "promote", "w", "--episode", "1", "--lockstep", "--json")
      #expect(promoted.code == 0, "\(promoted.errors)")
      #expect(try models().last?.string("state") == "running")
      let before = running.integer("index")
      #expect(try models().first { $0.integer("index") == before }?.string("state") == "retired")

      let back = try folder.replan("rollback", "w", "--json")
      #expect(try back.code == 0 && back.events().last?.integer("to") == before)
      #expect(try models().first { $0.integer("index") == before }?.string("state") == "running")
      #expect(try models().last?.string("reason") == "rolled back")
      let journal = try Event.parse(folder.text("w/journal.jsonl"))
      #expect(journal.last?.name == "rollback")
      try expectComplete(folder.file("w"))
    }

    @Test func forceIsPossibleAndWrittenDown() throws {
      try record()
      let careless = try robot(("model: {", "model: {training: {steps: 1}, "))
      #expect(try folder.replan("refit", careless, "--workspace", "w").code == 0)
      let forced = try folder.replan("promote", "w", "--force")
      #expect(forced.code == 0 && forced.output.contains("BY FORCE"))
      let event = try #require(try Event.parse(folder.text("w/journal.jsonl")).last)
      #expect(event.name == "promotion" && event.flag("forced") == true)
      #expect(event.flag("promoted") == true && !event.string("reason").isEmpty)
      #expect(try models().last?.string("state") == "running")
      #expect(try folder.replan("rollback", "w").code == 0)
    }

    @Test func wrongInputIsTold() throws {
      #expect(try folder.replan("promote", "nowhere").code == 74)
      #expect(try folder.replan("rollback", "nowhere").code == 74)
      let collect = try folder.replan(
        "collect", Places.pendulum, "--lockstep", "--workspace", "w")
      #expect(collect.code == 0)
      let none = try folder.replan("promote", "w")
      #expect(none.code == 65 && none.errors.contains("no candidate"))
      #expect(try folder.replan("rollback", "w").code == 65)
      #expect(try folder.replan("promote", "w", "7").code == 65)
      #expect(try folder.replan("promote", "w", "0").code == 64)
      #expect(try folder.replan("promote", "w", "--episode", "0").code == 64)
      try folder.write("nonsense", "w/promotion.json")
      #expect(try folder.replan("run", Places.pendulum, "--workspace", "w").code == 65)
    }

    /// A model of degrees fits a robot of radians in everything but the numbers.
    @Test func unitsOfAnotherRobotAreRefused() throws {
      let collect = try folder.replan(
        "collect", Places.pendulum, "--lockstep", "--workspace", "w")
      #expect(collect.code == 0)
      #expect(try folder.replan("refit", Places.pendulum, "--workspace", "w").code == 0)
      let other = try robot(("unit: rad/s", "unit: deg/s"))
      let run = try folder.replan(
        "run", other, "--lockstep", "--workspace", "v", "--model", "w/models/0001.safetensors")
      #expect(run.code == 65 && run.errors.contains("its units are"), "\(run.errors)")
    }
  }
}
