import Foundation
import Testing

extension CommandTests {
  /// `collect --excitation` and what follows from it: latency, replay, positions alone.
  @Suite(.serialized)
  struct ExcitationTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    @discardableResult
    private func collect(_ robot: String, _ more: String..., workspace: String = "w") throws
      -> Outcome
    {
      try ReplanProcess(
        ["collect", robot, "--lockstep", "--json", "--workspace", workspace] + more, in: folder
      ).finish()
    }

    @Test(arguments: ["prbs", "multisine", "chirp", "steps", "ou", "random"])
    func everyKindIsPlayedToldAndReplayed(kind: String) throws {
      let run = try collect(
        Places.pendulum, "--excitation", kind, "--duration", "4", "--seed", "5")
      #expect(run.code == 0, "\(run.errors)")
      let events = try run.events()
      let design = try #require(events.named("excitation").first)
      #expect(design.string("kind") == kind && design.integer("ticks") == 200)
      let channel = try #require(design.list("channels").first)
      #expect(channel.string("name") == "torque" && channel.number("crest_factor") >= 1)
      #expect(abs(channel.number("low")) <= 1.001 && channel.number("high") <= 1.001)
      #expect(channel.list("spectrum").count > 3)
      let regressors = try #require(events.named("regressors").first)
      #expect(regressors.numbers("singular_values").count == 4)
      #expect(regressors.integer("samples") >= 190 && regressors.number("condition") > 1)
      #expect(events.last?.string("event") == "end")
      let replay = try folder.replan("replay", "w/episodes/0001.mcap")
      #expect(replay.code == 0, "\(replay.output) \(replay.errors)")
    }

    @Test func theSameSeedGivesTheSameBits() throws {
      for workspace in ["a", "b"] {
        try collect(
          Places.pendulum, "--excitation", "multisine", "--duration", "3", "--seed", "9",
          workspace: workspace)
      }
      try collect(
        Places.pendulum, "--excitation", "multisine", "--duration", "3", "--seed", "10",
        workspace: "c")
      for workspace in ["a", "b", "c"] {
        let run = try folder.replan(
          "export", "\(workspace)/episodes/0001.mcap", "--to", "csv", "--out", "\(workspace).csv")
        try #require(run.code == 0, "\(run.errors)")
      }
      // Time, observation and action: what stands behind them was measured on the host's clock.
      func values(_ file: String) throws -> [[Substring]] {
        try folder.text(file).split(separator: "\n").map {
          $0.split(separator: ",").prefix(4).map { $0 }
        }
      }
      #expect(try values("a.csv") == values("b.csv"))
      #expect(try values("a.csv") != values("c.csv"))
    }

    @Test func theEnvelopeEndsAnEpisodeSafely() throws {
      let text = try String(contentsOfFile: Places.cartPole, encoding: .utf8)
        .replacing("cart_position: [-2.4, 2.4]", with: "cart_position: [-0.05, 0.05]")
      try folder.write(text, "narrow.yaml")
      let run = try collect(
        "narrow.yaml", "--excitation", "steps", "--amplitude", "1", "--episodes", "2")
      #expect(run.code == 0, "\(run.errors)")
      let events = try run.events()
      let episodes = events.named("episode")
      #expect(
        episodes.count == 2 && episodes.allSatisfy { $0.string("end") == "stopped by the guard" })
      #expect(episodes.allSatisfy { $0.flag("disarmed") == true })
      #expect(events.named("end").first?.string("reason").contains("left the envelope") == true)
    }

    @Test(arguments: [
      ["--amplitude", "0.5"], ["--excitation", "ou", "--amplitude", "2"],
      ["--excitation", "ou", "--band", "3"], ["--excitation", "ou", "--band", "5", "60"],
      ["--excitation", "ou", "--band", "1", "2", "--duration", "0.2"],
    ])
    func wrongOptionsAreWrongUsage(options: [String]) throws {
      let run = try ReplanProcess(
        ["collect", Places.pendulum, "--lockstep", "--workspace", "w"] + options, in: folder
      ).finish()
      #expect(run.code == 64, "\(run.errors)")
    }

    /// The robot file without its latency, so that the model's counts.
    private func pendulum(_ more: [(String, String)] = []) throws -> String {
      var text = try String(contentsOfFile: Places.pendulum, encoding: .utf8)
      for (old, new) in more {
        try #require(text.contains(old))
        text = text.replacing(old, with: new)
      }
      return try folder.write(text, "pendulum.yaml")
    }

    @Test func theLatencyGoesFromTheRecordsIntoTheModelAndTheLoop() throws {
      let robot = try pendulum()
      let run = try collect(
        robot, "--excitation", "prbs", "--actuation-delay", "3", "--seed", "2", "--episodes", "2")
      try #require(run.code == 0, "\(run.errors)")
      let only = try folder.replan(
        "identify", "--robot", robot, "--data", "w", "--delay", "--json")
      let delay = try #require(try only.events().named("delay").first)
      #expect(
        delay.integer("ticks") == 3 && delay.flag("clear") == true && delay.integer("used") == 3)
      #expect(delay.number("confidence") > 0.95)
      let fit = try folder.replan(
        "identify", "--robot", robot, "--data", "w", "--kind", "physics", "--out", "m.safetensors")
      #expect(fit.code == 0, "\(fit.errors)")
      #expect(fit.output.contains("3 ticks"), "\(fit.output)")
      let header = try folder.bytes("m.safetensors").prefix(20_000)
      #expect(String(decoding: header, as: UTF8.self).contains("\"latency_ticks\":\"3\""))
      // The loop takes it: with the lag known, the pendulum is swung up nevertheless.
      let up = try folder.replan(
        "run", robot, "--model", "m.safetensors", "--lockstep", "--actuation-delay", "3", "--seed",
        "2", "--workspace", "w", "--json")
      #expect(up.code == 0, "\(up.errors)")
      let replay = try folder.replan(
        "replay", "w/episodes/0003.mcap", "--model", "m.safetensors")
      #expect(replay.code == 0, "\(replay.output) \(replay.errors)")
      try folder.write(
        String(contentsOfFile: robot, encoding: .utf8) + "latency: 1\n", "other.yaml")
      let refused = try folder.replan(
        "run", "other.yaml", "--model", "m.safetensors", "--lockstep", "--workspace", "v")
      #expect(refused.code == 65 && refused.errors.contains("latency"), "\(refused.errors)")
    }

    /// Positions alone come over the wire: learning, swing-up, and a replay that agrees.
    @Test(arguments: ["lowpass", "kalman"]) func aPendulumWithoutAVelocitySensorSwingsUp(
      estimator: String
    ) throws {
      let robot = try pendulum([
        (
          "{name: pendulum_velocity, unit: rad/s, range: [-60, 60], noise: 0.03}",
          "{name: pendulum_velocity, unit: rad/s, measured: false}"
        ), ("link: {simulator: pendulum}", "link: {simulator: pendulum}\nestimator: \(estimator)"),
      ])
      let learn = try folder.replan(
        "learn", robot, "--lockstep", "--seed", "1", "--workspace", "w", "--json")
      #expect(learn.code == 0, "\(learn.errors)")
      for name in try folder.names(in: "w/episodes") {
        let replay = try folder.replan("replay", "w/episodes/\(name)")
        #expect(replay.code == 0, "\(name): \(replay.output) \(replay.errors)")
      }
    }
  }
}
