import Foundation
import Testing

extension CommandTests {
  /// `run`, `collect`, `refit` and `ports`.
  @Suite(.serialized)
  struct SubcommandTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    @Test(arguments: [
      "learn", "run", "collect", "refit", "identify", "replay", "ports", "bench", "doctor", "hil",
      "report", "models", "promote", "rollback", "sweep",
    ])
    func helpShowsAnExample(command: String) throws {
      let run = try folder.replan(command, "--help")
      #expect(run.code == 0 && run.errors.isEmpty)
      #expect(run.output.contains("Example: replan \(command)"))
      #expect(run.output.contains("--json"))
    }

    @Test func helpNamesCommandsAndExitCodes() throws {
      for arguments in [["--help"], ["help"], []] {
        let run = try ReplanProcess(arguments, in: folder).finish()
        #expect(run.code == 0)
        for word in [
          "learn", "run", "collect", "refit", "identify", "replay", "ports", "bench", "doctor",
          "hil",
          "report", "Exit codes", "64", "74",
        ] {
          #expect(run.output.contains(word), "\(word)")
        }
      }
      #expect(try folder.replan("--version").code == 0)
    }

    @Test func collectRefitRun() throws {
      let collect = try folder.replan(
        "collect", Places.cartPole, "--lockstep", "--episodes", "3", "--duration", "2",
        "--json", "--workspace", "w")
      #expect(collect.code == 0, "\(collect.errors)")
      let episodes = try collect.events().named("episode")
      #expect(episodes.map { $0.number("seconds") } == [2, 2, 2])
      #expect(episodes.allSatisfy { $0.string("kind") == "base" })
      #expect(
        try collect.events().map(\.name) == ["start", "episode", "episode", "episode", "end"])
      let refit = try folder.replan("refit", Places.cartPole, "--json", "--workspace", "w")
      #expect(refit.code == 0)
      let fit = try #require(try refit.events().first)
      #expect(fit.name == "fit" && fit.integer("transitions") == 3 * 99)
      #expect(fit.numbers("rmse").count == 4)
      let some = try folder.replan(
        "refit", Places.cartPole, "--json", "--workspace", "w", "w/episodes/0002.mcap")
      #expect(try some.events().first?.integer("transitions") == 99)
      #expect(try folder.names(in: "w/models") == ["0001.safetensors", "0002.safetensors"])
      let run = try folder.replan(
        "run", Places.cartPole, "--lockstep", "--episodes", "2", "--json", "--workspace", "w",
        "--model", "w/models/0001.safetensors")
      #expect([0, 1].contains(run.code), "\(run.errors)")
      #expect(try run.events().named("episode").count == 2)
      #expect(try run.events().last?.flag("success") == (run.code == 0))
      try expectComplete(folder.file("w"))
    }

    @Test func refitIsDeterministic() throws {
      let collect = try folder.replan(
        "collect", Places.cartPole, "--lockstep", "--duration", "1", "--workspace", "w")
      #expect(collect.code == 0)
      for _ in 0..<2 {
        #expect(try folder.replan("refit", Places.cartPole, "--workspace", "w").code == 0)
      }
      #expect(
        try folder.replan("refit", Places.cartPole, "--workspace", "w", "--seed", "2").code == 0)
      let models = try (1...3).map { try folder.bytes("w/models/000\($0).safetensors") }
      #expect(models[0] == models[1] && models[1] != models[2])
    }

    @Test func runHoldsTheLearnedTask() throws {
      #expect(
        try folder.replan("learn", Places.pendulum, "--lockstep", "--seed", "3", "--workspace", "w")
          .code == 0)
      // Up, and still up when the time is over.
      let run = try folder.replan(
        "run", Places.pendulum, "--lockstep", "--seed", "3", "--duration", "10", "--json",
        "--workspace", "w")
      let episode = try #require(try run.events().named("episode").first)
      #expect(episode.number("seconds") == 10)
      #expect(episode.flag("success") == true && run.code == 0, "\(run.errors)")
    }

    @Test func runNeedsAModelOfTheRobot() throws {
      let none = try folder.replan("run", Places.cartPole, "--workspace", "w")
      #expect(none.code == 65 && none.errors.contains("replan learn"), "\(none.errors)")
      #expect(
        try folder.replan("learn", Places.pendulum, "--lockstep", "--workspace", "p").code == 0)
      let model = try #require(try folder.names(in: "p/models").first)
      let other = try folder.replan(
        "run", Places.cartPole, "--workspace", "w", "--model", "p/models/\(model)", "--json")
      #expect(other.code == 65)
      #expect(other.errors.contains("pendulum_angle") && other.errors.contains("cart_position"))
      #expect(!other.errors.contains("written"))
      let missing = try folder.replan("run", Places.cartPole, "--workspace", "w", "--model", "no")
      #expect(missing.code == 74)
      let noise = try folder.write("no tensors", "noise.safetensors")
      let damaged = try folder.replan("run", Places.cartPole, "--workspace", "w", "--model", noise)
      #expect(damaged.code == 65 && damaged.errors.contains("noise.safetensors"))
    }

    @Test func refitNeedsEpisodes() throws {
      let none = try folder.replan("refit", Places.cartPole, "--workspace", "w")
      #expect(none.code == 65 && none.errors.contains("collect"))
      let missing = try folder.replan("refit", Places.cartPole, "--workspace", "w", "no.mcap")
      #expect(missing.code == 74 && missing.errors.contains("no.mcap"))
    }

    @Test func portsAreListed() throws {
      let json = try folder.replan("ports", "--json")
      #expect(json.code == 0)
      let plain = try folder.replan("ports")
      #expect(plain.code == 0)
      let ports = try json.events()
      for port in ports {
        #expect(port.keys == ["event", "path", "description"])
        #expect(plain.output.contains(port.string("path")))
      }
      if ports.isEmpty { #expect(plain.errors.contains("no serial ports")) }
    }
  }
}
