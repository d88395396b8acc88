import Foundation
import Testing

extension CommandTests {
  /// `hil`: the scenarios that are shipped, one that fails, and what cannot be run.
  @Suite(.serialized)
  struct HilTests {
    static let scenarios = Places.root + "/hil/scenarios"
    let folder: Folder

    init() throws { folder = try Folder() }

    /// A scenario beside the shipped ones' robots and models.
    private func scenario(
      _ name: String, robot: String = "cart-pole", expect: String, more: String = ""
    ) throws -> String {
      try folder.write(
        """
        name: \(name)
        robot: \(Places.root)/robots/\(robot).yaml
        model: \(Places.root)/hil/models/\(robot).safetensors
        duration: 1
        \(more)
        expect: [\(expect)]
        """, "\(name).yaml")
    }

    @Test func theShippedOnesPassInLockstep() throws {
      let run = try folder.start(
        "hil", Self.scenarios, "--lockstep", "--json", "--junit", "hil.xml"
      ).finish(within: 900)
      let events = try run.events()
      let scenarios = events.named("scenario")
      for event in scenarios {
        #expect(["passed", "skipped"].contains(event.string("result")), "\(event.values)")
      }
      #expect(run.code == 0, "\(run.errors)")
      let end = try #require(events.last)
      #expect(end.name == "hil" && end.integer("passed") + end.integer("skipped") >= 25)
      #expect(end.integer("passed") >= 18)
      #expect(end.integer("failed") == 0 && end.integer("errors") == 0)
      #expect(!folder.exists("hil-failures"))
      let cases = try JUnitFile(folder.file("hil.xml")).cases
      #expect(cases.map(\.name) == scenarios.map { $0.string("name") })
      #expect(cases.count(where: \.isSkipped) == end.integer("skipped"))
    }

    /// A scenario of a fault must notice when the fault is not there.
    @Test func withoutTheirFaultsTheShippedOnesFail() throws {
      var count = 0
      for name in try FileManager.default.contentsOfDirectory(atPath: Self.scenarios) {
        let text = try String(contentsOfFile: Self.scenarios + "/" + name, encoding: .utf8)
        let sound = Self.withoutFaults(text)
        guard sound != text else { continue }
        count += 1
        try folder.write(
          sound.replacing("../../robots", with: Places.root + "/robots")
            .replacing("../models", with: Places.root + "/hil/models"), name)
      }
      #expect(count >= 30)
      let run = try folder.start("hil", ".", "--lockstep", "--json").finish(within: 900)
      let events = try run.events().named("scenario")
      for event in events {
        #expect(event.string("result") == "failed", "\(event.string("name"))")
      }
      #expect(events.count == count && run.code == 1, "\(run.errors)")
    }

    /// The text without its lists of faults and what follows from them.
    private static func withoutFaults(_ text: String) -> String {
      var isFault = false
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
        if line.hasPrefix("faults:") || line.hasPrefix("controller_faults:") {
          isFault = true
        } else if !line.hasPrefix(" ") {
          isFault = false
        }
        return !isFault
      }
      guard lines.count < text.split(separator: "\n", omittingEmptySubsequences: false).count else {
        return text
      }
      return lines.filter { !$0.hasPrefix("needs_real_time:") }.joined(separator: "\n")
    }

    @Test func aFaultThatNeverActsFailsItsScenario() throws {
      let path = try scenario(
        "idle", expect: "{ends: time-up}",
        more: """
          faults:
            - {fault: sensor-jump, channel: pole_velocity, by: 0.1, at: 0.2, for: 0.1}
            - {fault: sensor-saturated, channel: pole_velocity, low: -1000, high: 1000}
          """)
      let run = try folder.replan("hil", path, "--lockstep", "--json")
      #expect(run.code == 1, "\(run.errors)")
      let found = try #require(try run.events().first?.list("expectations"))
      #expect(found.map { $0.flag("ok") } == [true, false])
      #expect(found[1].string("what") == "every fault acts at least once")
      #expect(found[1].string("measured") == "sensor-jump 5, sensor-saturated never")
    }

    @Test func everyFaultHasAScenario() throws {
      let texts = try FileManager.default.contentsOfDirectory(atPath: Self.scenarios).map {
        try String(contentsOfFile: Self.scenarios + "/" + $0, encoding: .utf8)
      }
      let faults = [
        "bit-flip", "loss", "duplicate", "reorder", "delay", "truncate", "garbage", "stall",
        "sensor-frozen", "sensor-nan", "sensor-jump", "sensor-drift", "sensor-saturated",
        "actuator-stuck", "actuator-weak", "plant-reset", "brown-out", "cable-out",
        "clock-drift", "clock-backwards", "recorder-stall", "disk-full", "model-missing",
        "model-corrupt", "cpu-hog", "planner-late",
      ]
      for fault in faults {
        #expect(
          texts.contains { $0.contains("{fault: \(fault),") || $0.contains("{fault: \(fault)}") },
          "\(fault)")
      }
    }

    @Test func aFailureIsKeptAndReported() throws {
      let path = try scenario(
        "too_soon", expect: "{reaches_target: {within: 0.5}}, {ends: time-up}",
        more: "faults: [{fault: actuator-weak, factor: 0.5}]")
      let run = try folder.replan(
        "hil", path, "--lockstep", "--json", "--junit", "hil.xml", "--workspace", "kept")
      #expect(run.code == 1, "\(run.errors)")
      let event = try #require(try run.events().named("scenario").first)
      #expect(event.string("result") == "failed" && event.string("episode") == "kept/too_soon")
      // Two of the file's, and that its fault acts.
      #expect(event.list("expectations").map { $0.flag("ok") } == [false, true, true])
      #expect(event.list("expectations")[0].string("measured").contains("never reached"))
      let names = try folder.names(in: "kept/too_soon")
      for name in ["scenario.yaml", "robot.yaml", "faults.yaml", "plant.csv", "episodes"] {
        #expect(names.contains(name), "\(name)")
      }
      let referee = try WorkspaceReferee(folder.file("kept/too_soon"))
      #expect(referee.observations(1) == 50)
      let found = try #require(try JUnitFile(folder.file("hil.xml")).cases.first)
      #expect(found.failures.count == 1 && found.failures[0].contains("target reached"))
    }

    @Test func theOthersAreRunBesideABrokenOne() throws {
      let broken = try folder.write("name: broken\nduration: -1\n", "broken.yaml")
      let sound = try scenario("sound", expect: "{ends: time-up}")
      let run = try folder.replan("hil", broken, sound, "--lockstep", "--json")
      #expect(run.code == 65)
      let results = try run.events().named("scenario").map { $0.string("result") }
      #expect(results == ["error", "passed"])
      let reason = try #require(try run.events().first).string("reason")
      #expect(reason.contains("broken.yaml:2") && reason.contains("robot"))
    }

    @Test func aPlantThatIsNotThereIsAnError() throws {
      let path = try scenario("unreached", expect: "{ends: time-up}")
      let run = try folder.replan("hil", path, "--lockstep", "--device", "no-such-port", "--json")
      #expect(run.code == 69, "\(run.errors)")
      let event = try #require(try run.events().first)
      #expect(event.string("result") == "error")
      #expect(event.string("reason").contains("no-such-port"))
    }

    @Test func aDeviceGetsItsFaultsFromOurSide() throws {
      let plant = try SeparatePlant.simulator(in: folder)
      let jump = try scenario(
        "jump", expect: "{verdicts: {out_of_range: {at_least: 8, at_most: 12}}}, {ends: time-up}",
        more: "faults: [{fault: sensor-jump, channel: cart_position, by: 5, at: 0.4, for: 0.2}]")
      let reset = try scenario(
        "reset", expect: "{ends: disarmed}", more: "faults: [{fault: plant-reset, at: 0.5}]")
      let run = try folder.replan(
        "hil", jump, reset, "--lockstep", "--device", plant.device, "--json")
      #expect(run.code == 0, "\(run.output) \(run.errors)")
      let events = try run.events().named("scenario")
      #expect(events.map { $0.string("result") } == ["passed", "skipped"])
      // The link that injects it counts as well.
      #expect(events[0].list("expectations").last?.string("measured") == "sensor-jump 10")
      #expect(events[1].string("reason").contains("only a simulated plant"))
    }

    @Test func aTableIsForPeople() throws {
      let path = try scenario("sound", expect: "{ends: time-up}")
      let run = try folder.replan("hil", path, "--lockstep")
      #expect(run.code == 0 && run.output.contains("1 passed, 0 failed"), "\(run.errors)")
      let list = try folder.replan("hil", Self.scenarios, "--list")
      #expect(list.code == 0 && list.output.contains("cart_pole_swing_up: "))
      #expect(list.output.contains("not in lockstep: "))
      #expect(!FileManager.default.fileExists(atPath: folder.file("hil-failures")))
    }

    @Test func theExampleOfTheManualRuns() throws {
      let manual = try String(contentsOfFile: Places.root + "/hil/SCENARIOS.md", encoding: .utf8)
      let parts = manual.components(separatedBy: "```yaml\n")
      let example = try #require(
        parts.dropFirst().first?.components(separatedBy: "```").first)
      let text = example.replacing("../../", with: Places.root + "/")
        .replacing("../models", with: Places.root + "/hil/models")
      let run = try folder.replan(
        "hil", try folder.write(text, "example.yaml"), "--lockstep", "--json")
      #expect(run.code == 0, "\(run.output) \(run.errors)")
    }

    @Test func wrongUsageIsTold() throws {
      #expect(try folder.replan("hil").code == 64)
      #expect(try folder.replan("hil", "x", "--sim", "cart-pole", "--device", "y").code == 64)
      #expect(try folder.replan("hil", "no-such-file.yaml").code == 65)
      let path = try scenario("sound", expect: "{ends: time-up}")
      #expect(try folder.replan("hil", path, "--sim", "unicycle").code == 64)
    }
  }
}

/// A JUnit report as another reader of XML sees it.
private struct JUnitFile {
  struct Case {
    var name: String
    var failures: [String] = []
    var isSkipped = false
  }

  let cases: [Case]

  init(_ path: String) throws {
    let process = Process()
    process.executableURL = try Places.python()
    process.arguments = [Places.root + "/Tests/ReplanScenariosTests/referee_junit.py", path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "the referee refused; see its message above")
    let found = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
    cases = found.map { Event(values: $0) }.map { entry in
      Case(
        name: entry.string("name"), failures: entry.list("failures").map { $0.string("message") },
        isSkipped: !entry.list("skipped").isEmpty)
    }
  }
}
