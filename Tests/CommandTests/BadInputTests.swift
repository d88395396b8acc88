import Foundation
import Testing

extension CommandTests {
  /// What a user gets wrong is told in words that help, with the exit code that says its kind.
  @Suite(.serialized)
  struct BadInputTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    /// The cart-pole's file with some text replaced.
    private func robot(_ changes: [(String, String)], _ name: String = "robot.yaml") throws
      -> String
    {
      var text = try String(contentsOfFile: Places.cartPole, encoding: .utf8)
      for (old, new) in changes {
        try #require(text.contains(old))
        text = text.replacingOccurrences(of: old, with: new)
      }
      return try folder.write(text, name)
    }

    @Test func missingRobotFile() throws {
      let run = try folder.replan("learn", "nowhere.yaml", "--json")
      #expect(run.code == 74)
      #expect(run.errors.contains("nowhere.yaml"))
      let event = try #require(try run.events().first)
      #expect(event.name == "error" && event.integer("code") == 74)
      #expect(try folder.replan("learn", folder.path).code == 74)
    }

    @Test func wrongChangesOfARobotFile() throws {
      let unwritten = try folder.replan("learn", Places.cartPole, "--set", "planner.horizon")
      #expect(unwritten.code == 64)
      #expect(unwritten.errors.contains("SECTION.KEY=VALUE"))
      let unknown = try folder.replan("learn", Places.cartPole, "--set", "learning.loop=sometimes")
      #expect(unknown.code == 65)
      #expect(unknown.errors.contains("learning.loop") && unknown.errors.contains("aggregate"))
      #expect(!folder.exists("workspaces"))
    }

    @Test func wrongRobotFileShowsAllFaults() throws {
      let path = try robot([
        ("rate: 50", "rate: fast"), ("min: -10, max: 10", "min: 10, max: -10"),
        ("kind: ilqr", "kind: magic"), ("channel: cart_position", "channel: cart_posn"),
        ("baud: 921600", "baud: 300"),
      ])
      let run = try folder.replan("learn", path, "--json")
      #expect(run.code == 65)
      let lines = run.errors.split(separator: "\n")
      let lineNumber =
        try #require(
          String(contentsOfFile: path, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false
          ).firstIndex { $0.hasPrefix("rate:") }) + 1
      #expect(lines.first?.contains("robot.yaml:\(lineNumber):7: rate") == true)
      let keys = [
        "rate", "action[0].max", "planner.kind", "episode.success[1].channel", "link.baud",
      ]
      for key in keys { #expect(run.errors.contains(key), "\(key)") }
      let event = try #require(try run.events().first)
      #expect(event.keys == ["event", "code", "message", "faults"])
      #expect(event.list("faults").map { $0.string("key") } == keys)
      for fault in event.list("faults") {
        #expect(fault.integer("line") > 0 && fault.string("file").hasSuffix("robot.yaml"))
        #expect(!fault.string("found").isEmpty && !fault.string("allowed").isEmpty)
      }
      // Nothing was begun.
      #expect(!folder.exists("workspaces"))
    }

    @Test func lineTooSlowForTheRate() throws {
      let run = try folder.replan("learn", try robot([("baud: 921600", "baud: 9600")]))
      #expect(run.code == 65 && run.errors.contains("rate") && run.errors.contains("9600"))
    }

    @Test(arguments: ["", "\u{0}\u{1}\u{2}", "- a list", "name: [unclosed"])
    func noRobotFileAtAll(text: String) throws {
      let run = try folder.replan("learn", try folder.write(text, "odd.yaml"))
      #expect(run.code == 65 && run.errors.contains("odd.yaml:"), "\(run.errors)")
    }

    @Test func unknownPlant() throws {
      let byOption = try folder.replan("learn", Places.cartPole, "--sim", "rocket")
      #expect(byOption.code == 64)
      let byFile = try folder.replan(
        "learn", try robot([("simulator: cart-pole", "simulator: rocket")]))
      #expect(byFile.code == 65)
      for run in [byOption, byFile] {
        #expect(run.errors.contains("rocket"), "\(run.errors)")
        #expect(run.errors.contains("cart-pole") && run.errors.contains("pendulum"))
      }
    }

    @Test func noPlantNamed() throws {
      let run = try folder.replan(
        "learn",
        try robot([
          (
            "  simulator: cart-pole  # the plant in firmware-sim; --device PATH takes a real one\n",
            ""
          )
        ]))
      #expect(run.code == 64 && run.errors.contains("--device") && run.errors.contains("--sim"))
    }

    @Test(arguments: [
      ("/dev/does-not-exist", "no such device"), ("/dev/null", "not a serial port"),
      ("/etc/hostname", "not a serial port"), ("/tmp", "not a serial port"),
    ])
    func deviceThatIsNone(path: String, words: String) throws {
      let run = try folder.replan("learn", Places.cartPole, "--device", path, "--json")
      #expect(run.code == 69 && run.seconds < 30)
      #expect(run.errors.contains(path) && run.errors.contains(words), "\(run.errors)")
      #expect(try run.events().last?.integer("code") == 69)
    }

    @Test(arguments: [
      ["learn"], ["lern", "x.yaml"], ["learn", "x.yaml", "--frobnicate"],
      ["learn", "x.yaml", "--seed", "many"], ["learn", "x.yaml", "--seed=-1"],
      ["learn", "x.yaml", "--device", "/dev/null", "--sim", "cart-pole"],
      ["learn", "x.yaml", "--max-experience", "0"], ["learn", "x.yaml", "--max-experience", "nan"],
      ["learn", "x.yaml", "--priority", "100"], ["learn", "x.yaml", "--cpu=-1"],
      ["learn", "x.yaml", "--noise=-1"], ["learn", "x.yaml", "--actuation-delay", "32"],
      ["learn", "x.yaml", "--workspace"], ["learn", "x.yaml", "y.yaml"],
      ["run", "x.yaml", "--reset", "upright"], ["run", "x.yaml", "--duration", "0"],
      ["collect", "x.yaml", "--episodes", "0"], ["ports", "x"],
    ])
    func wrongUsage(arguments: [String]) throws {
      let run = try ReplanProcess(arguments, in: folder).finish()
      #expect(run.code == 64 && run.errors.contains("Usage: replan"), "\(run.errors)")
      #expect(run.output.isEmpty)
    }

    @Test func workspaceOfAnotherRobotIsKept() throws {
      let first = try folder.replan(
        "learn", Places.cartPole, "--lockstep", "--workspace", "w", "--max-experience", "1")
      #expect(first.code == 1)
      let refused = try folder.replan("learn", Places.pendulum, "--workspace", "w")
      #expect(refused.code == 65)
      #expect(refused.errors.contains("cart_pole") && refused.errors.contains("pendulum"))
      let fresh = try folder.replan(
        "learn", Places.pendulum, "--lockstep", "--workspace", "w", "--fresh")
      #expect(fresh.code == 0 && fresh.errors.contains("w.1"), "\(fresh.errors)")
      #expect(try folder.text("w.1/robot.yaml").contains("name: cart_pole"))
      #expect(try folder.text("w/robot.yaml").contains("name: pendulum"))
      try expectComplete(folder.file("w.1"))
      try expectComplete(folder.file("w"))
    }

    @Test func folderThatIsNoWorkspace() throws {
      try folder.write("mine", "thesis.tex")
      let run = try folder.replan("learn", Places.cartPole, "--workspace", folder.path)
      #expect(run.code == 65 && run.errors.contains("thesis.tex"))
      let fresh = try folder.replan("learn", Places.cartPole, "--workspace", folder.path, "--fresh")
      #expect(fresh.code == 65 && folder.exists("thesis.tex"))
      #expect(
        try folder.replan("learn", Places.cartPole, "--workspace", folder.file("thesis.tex")).code
          == 74)
    }

    @Test func workspaceThatAnotherProcessWrites() throws {
      let holder = try folder.start(
        "collect", Places.cartPole, "--duration", "30", "--json", "--workspace", "w")
      try holder.await("start")
      for command in ["learn", "run", "collect", "refit"] {
        let run = try folder.replan(command, Places.cartPole, "--workspace", "w")
        #expect(run.code == 74 && run.errors.contains("in use by process"), "\(run.errors)")
      }
      let fresh = try folder.replan("learn", Places.cartPole, "--workspace", "w", "--fresh")
      #expect(fresh.code == 74 && !folder.exists("w.1"))
      holder.send(SIGINT)
      #expect(holder.finish().code == 1)
    }
  }
}
