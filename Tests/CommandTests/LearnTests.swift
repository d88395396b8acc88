import Foundation
import Testing

extension CommandTests {
  /// What `learn` leaves behind and says.
  @Suite(.serialized)
  struct LearnTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    private static let keys: [String: Set<String>] = [
      "start": [
        "event", "command", "robot", "plant", "rate", "seed", "lockstep", "transitions",
        "experience_s",
      ],
      "promotion": [
        "event", "file", "hash", "promoted", "ratios", "steps", "episodes", "held_out",
      ],
      "fit": [
        "event", "members", "posterior", "transitions", "seconds", "training_seconds", "rmse",
        "file", "hash",
      ],
      "episode": [
        "event", "index", "kind", "seconds", "experience_s", "return", "success", "end", "ticks",
        "overruns", "tick_us", "wake_us", "latency_us", "fallbacks", "dropped", "lost_samples",
        "transport_us", "lock_losses", "verdicts", "ladder",
        "disarmed",
        "file",
      ],
      "end": ["event", "success", "experience_s", "reason", "workspace"],
    ]

    @Test(arguments: [
      (Places.cartPole, 1), (Places.cartPole, 2), (Places.pendulum, 1), (Places.furuta, 1),
      (Places.reacher, 1), (Places.motor, 1),
    ])
    func succeedsInLockstep(robot: String, seed: Int) throws {
      let run = try folder.replan(
        "learn", robot, "--lockstep", "--json", "--seed", "\(seed)", "--workspace", "w")
      try #require(run.code == 0, "\(run.errors)")
      let events = try run.events()
      for event in events { #expect(event.keys == Self.keys[event.name], "\(event.name)") }
      #expect(events.first?.name == "start" && events.last?.name == "end")
      #expect(events.last?.flag("success") == true)
      #expect(events.last?.string("workspace") == "w")
      #expect(events.named("episode").last?.flag("success") == true)
      #expect(events.named("episode").first?.string("kind") == "base")
      for percentiles in ["tick_us", "wake_us", "latency_us", "transport_us"] {
        let found = try #require(events.named("episode").last).object(percentiles)
        #expect(found.keys == ["p50", "p99", "max"])
      }
      try expectJournal(repeats: events)
      try expectComplete(folder.file("w"), rate: events[0].number("rate"))
      try expectExperience(events)
      #expect(run.errors.contains("SUCCESS after"))
    }

    /// The journal holds the same events; only the last leaves the workspace's own path out.
    private func expectJournal(repeats events: [Event]) throws {
      let journal = try Event.parse(folder.text("w/journal.jsonl"))
      #expect(journal.count == events.count)
      for (line, event) in zip(journal, events) {
        #expect(try line.text(without: []) == event.text(without: ["workspace"]))
      }
    }

    /// The seconds claimed are the observations recorded.
    private func expectExperience(_ events: [Event]) throws {
      let referee = try WorkspaceReferee(folder.file("w"))
      let rate = events[0].number("rate")
      var total = 0
      for event in events.named("episode") {
        let file = event.string("file")
        let episode = try #require(referee.episodes.first { $0.string("file").hasSuffix(file) })
        let count = episode.object("counts").integer("/observation")
        total += count
        #expect(abs(event.number("seconds") - Double(count) / rate) < 1e-9)
        #expect(abs(event.number("experience_s") - Double(total) / rate) < 1e-9)
        #expect(event.integer("ticks") == episode.object("counts").integer("/tick"))
      }
      #expect(abs((events.last?.number("experience_s") ?? 0) - Double(total) / rate) < 1e-9)
    }

    @Test func filesNameEveryChannel() throws {
      #expect(
        try folder.replan("learn", Places.cartPole, "--lockstep", "--workspace", "w").code == 0)
      let referee = try WorkspaceReferee(folder.file("w"))
      let observed = ["cart_position", "cart_velocity", "pole_angle", "pole_velocity"]
      for episode in referee.episodes {
        let fields = episode.object("fields").values as? [String: [String]] ?? [:]
        #expect(fields["/observation"]?.starts(with: observed) == true)
        #expect(fields["/action"]?.first == "force")
        #expect(fields["/tick"]?.contains("plan_cost") == true)
        #expect(episode.flag("finished") == true)
      }
      #expect(!referee.models.isEmpty)
      for model in referee.models {
        #expect(!model.object("tensors").keys.isEmpty)
        let metadata = model.object("metadata").values as? [String: String] ?? [:]
        for channel in observed + ["force"] {
          #expect(metadata.values.contains { $0.contains(channel) }, "\(channel)")
        }
      }
    }

    @Test func secondRunContinues() throws {
      let arguments = ["learn", Places.cartPole, "--lockstep", "--json", "--workspace", "w"]
      let first = try ReplanProcess(arguments, in: folder).finish()
      let second = try ReplanProcess(arguments, in: folder).finish()
      #expect(first.code == 0 && second.code == 0)
      let (before, after) = (try first.events(), try second.events())
      let start = try #require(after.first), end = try #require(before.last)
      #expect(abs(start.number("experience_s") - end.number("experience_s")) < 1e-9)
      #expect(start.integer("transitions") > 0)
      // What is known already needs no excitation again.
      #expect(after.named("episode").allSatisfy { $0.string("kind") == "mpc" })
      let last = try #require(before.named("episode").last).integer("index")
      #expect(after.named("episode").first?.integer("index") == last + 1)
      #expect(try folder.names(in: "w").filter { $0 != ".lock" }.contains("robot.yaml"))
      try expectComplete(folder.file("w"))
    }

    @Test func givesUpWithinTheBudget() throws {
      let run = try folder.replan(
        "learn", Places.cartPole, "--lockstep", "--json", "--max-experience", "1.5")
      #expect(run.code == 1)
      let end = try #require(try run.events().last)
      #expect(end.name == "end" && end.flag("success") == false)
      #expect(end.number("experience_s") == 1.5)
      #expect(run.errors.contains("NOT ACHIEVED"))
      // Without --workspace it is named after the robot.
      #expect(end.string("workspace") == "workspaces/cart_pole")
      #expect(folder.exists("workspaces/cart_pole/episodes/0002.mcap"))
    }

    /// `replan … --json | head -n 1` reads one line and goes; the robot is looked after all the same.
    @Test func outlivesItsReader() throws {
      let shell = Process()
      shell.executableURL = URL(filePath: "/bin/sh")
      shell.currentDirectoryURL = URL(filePath: folder.path)
      shell.arguments = [
        "-c", "\"$0\" learn \"$1\" --lockstep --json --workspace w 2>&1 | head -n 1",
        try Places.program("replan").path, Places.cartPole,
      ]
      shell.standardOutput = FileHandle.nullDevice
      try shell.run()
      shell.waitUntilExit()
      let journal = try Event.parse(folder.text("w/journal.jsonl"))
      #expect(journal.last?.name == "end" && journal.last?.flag("success") == true)
      try expectComplete(folder.file("w"))
    }

    @Test func withoutJSONStandardOutputIsEmpty() throws {
      let run = try folder.replan(
        "learn", Places.cartPole, "--lockstep", "--max-experience", "0.2")
      #expect(run.code == 1 && run.output.isEmpty)
      // No terminal: no line is redrawn.
      #expect(!run.errors.contains("\u{1B}") && !run.errors.contains("\r"))
    }
  }
}
