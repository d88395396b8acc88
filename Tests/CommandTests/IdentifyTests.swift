import Foundation
import Testing

extension CommandTests {
  /// `identify`: from tables and episodes to a model, its figures, and other models beside it.
  @Suite(.serialized)
  struct IdentifyTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    /// A pendulum's log, as another program would write it.
    @discardableResult
    private func log(_ name: String, seed: Double, rows: Int = 200, column: String = "theta")
      throws -> String
    {
      var lines = ["# a pendulum", "time,\(column),omega,u"]
      var (angle, velocity) = (0.5 * seed, 0.0)
      for k in 0..<rows {
        let torque = sin(0.37 * Double(k) * (1 + 0.1 * seed)) + 0.5 * sin(1.3 * Double(k) + seed)
        lines.append("\(100 + 0.02 * Double(k)),\(angle),\(velocity),\(torque)")
        for _ in 0..<10 {
          velocity += 0.002 * (-19.6 * sin(angle) - 0.3 * velocity + 10 * torque)
          angle += 0.002 * velocity
        }
        angle = angle.remainder(dividingBy: 2 * .pi)
      }
      return try folder.write(lines.joined(separator: "\n") + "\n", name)
    }

    private func robot() throws -> String {
      try folder.write(
        """
        name: swing
        rate: 50
        observation:
          - {name: angle, unit: rad, kind: angle}
          - {name: velocity, unit: rad/s}
        action:
          - {name: torque, unit: N m, min: -2, max: 2}
        objective:
          terms:
            - {angle: angle, target: 0, weight: 1}
        model: {members: 2, hidden: [16], training: {batch: 32}}
        """, "swing.yaml")
    }

    private static let map = ["theta=angle", "omega=velocity", "u=torque"]

    private func identify(_ arguments: [String], _ map: [String] = map) throws -> Outcome {
      let robot = try robot()
      return try ReplanProcess(
        ["identify", "--robot", robot, "--map"] + map + ["--json"] + arguments, in: folder
      ).finish()
    }

    @Test func tablesBecomeAModelWithFigures() throws {
      for k in 0..<6 { try log("fit-\(k).csv", seed: Double(k)) }
      try log("new.csv", seed: 0.45)
      let files = (0..<6).map { "fit-\($0).csv" }
      let run = try identify(
        ["--data"] + files + [
          "--validate", "new.csv", "--history", "0", "--steps", "400", "--out",
          "m.safetensors",
        ])
      #expect(run.code == 0, "\(run.errors)")
      let events = try run.events()
      #expect(events.named("data").count == 7)
      let read = try #require(events.named("data").last)
      #expect(read.string("role") == "validate" && read.integer("transitions") == 199)
      #expect(read.object("table").integer("rows") == 200)
      let identified = try #require(events.named("identified").first)
      #expect(
        identified.string("kind") == "ensemble" && identified.string("file") == "m.safetensors")
      let figures = events.named("validation")
      #expect(figures.count == 2 * 5)
      for channel in ["angle", "velocity"] {
        let own = figures.filter { $0.string("channel") == channel }
        #expect(own.compactMap { $0.values["steps"] as? Int } == [1, 5, 10, 25])
        #expect(own.last?.string("steps") == "simulation")
        for event in own {
          #expect(event.string("kind") == "ensemble" && event.number("rmse").isFinite)
          #expect((0...1).contains(event.number("coverage90")))
          #expect(event.number("nrmse_fit") <= 1)
        }
        #expect(own[0].number("rmse") < own[3].number("rmse"))
        #expect(own[0].number("nrmse_fit") > 0.8)
      }
      #expect(events.named("residuals").count == 4)

      // The same model again by its file: the same figures.
      let again = try identify(["--model", "m.safetensors", "--validate", "new.csv"])
      #expect(again.code == 0)
      let repeated = try again.events().named("validation").map { $0.number("rmse") }
      #expect(repeated == figures.map { $0.number("rmse") })
    }

    @Test func theSameSeedGivesTheSameModelAndHistoryIsChosen() throws {
      for k in 0..<3 { try log("fit-\(k).csv", seed: Double(k), rows: 120) }
      let models = try ["a", "b"].map { name in
        let run = try identify([
          "--data", folder.path, "--steps", "60", "--history", "0", "1", "--seed", "4", "--out",
          folder.file(name + ".safetensors"),
        ])
        #expect(run.code == 0, "\(run.errors)")
        #expect(try run.events().named("history").map { $0.integer("history") } == [0, 1])
        return try folder.bytes(name + ".safetensors")
      }
      #expect(models[0] == models[1])
    }

    @Test func modelsAreRankedOnTheSameRecord() throws {
      for k in 0..<6 { try log("fit-\(k).csv", seed: Double(k)) }
      try log("new.csv", seed: 0.45)
      let files = (0..<6).map { "fit-\($0).csv" }
      for (name, steps) in [("good", "500"), ("bad", "2")] {
        let run = try identify(
          ["--data"] + files + [
            "--history", "0", "--steps", steps, "--out", name + ".safetensors",
          ])
        #expect(run.code == 0)
      }
      let run = try identify([
        "--compare", "bad.safetensors", "good.safetensors", "--validate", "new.csv",
      ])
      #expect(run.code == 0)
      let ranks = try run.events().named("ranking")
      #expect(ranks.map { $0.string("model") } == ["good.safetensors", "bad.safetensors"])
      #expect(ranks.map { $0.integer("rank") } == [1, 2])
      #expect(ranks[0].number("score") > ranks[1].number("score"))
    }

    @Test func whatDoesNotFitIsToldAndNothingIsStored() throws {
      try log("fit.csv", seed: 1)
      let wrong = try identify(
        ["--data", "fit.csv", "--out", "m.safetensors"],
        ["thta=angle", "omega=velocity", "u=torque"])
      #expect(wrong.code == 65)
      for word in ["fit.csv", "thta", "theta", "--map"] { #expect(wrong.errors.contains(word)) }
      let absent = try identify(["--data", "absent.csv"])
      #expect(absent.code == 74 && absent.errors.contains("absent.csv"))
      // Told before the fit takes its time.
      let late = try identify([
        "--data", "fit.csv", "--validate", "absent.csv", "--steps", "1000000",
      ])
      #expect(late.code == 74 && late.seconds < 60)
      let long = try identify(["--data", "fit.csv", "--history", "31"])
      #expect(long.code == 65 && long.errors.contains("at most 10 ticks"))
      #expect(!folder.exists("m.safetensors"))
      try folder.write("no model", "m.safetensors")
      let damaged = try identify(["--model", "m.safetensors", "--validate", "fit.csv"])
      #expect(damaged.code == 65 && damaged.errors.contains("m.safetensors"))
    }

    @Test(arguments: [
      ["identify"], ["identify", "--robot", "x.yaml"],
      ["identify", "--robot", "x.yaml", "--model", "m"],
      ["identify", "--robot", "x.yaml", "--compare", "m", "--validate", "v"],
      ["identify", "--robot", "x.yaml", "--data", "d", "--kind", "crystal-ball"],
      ["identify", "--robot", "x.yaml", "--data", "d", "--history", "-1"],
      ["identify", "--robot", "x.yaml", "--data", "d", "--unroll", "0"],
      ["identify", "--robot", "x.yaml", "--model", "m", "--data", "d", "--validate", "v"],
    ])
    func wrongUsage(arguments: [String]) throws {
      let run = try ReplanProcess(arguments, in: folder).finish()
      #expect(run.code == 64 && run.errors.contains("Usage: replan"), "\(run.errors)")
    }
  }
}
