import Foundation
import Testing

extension CommandTests {
  /// `doctor`. What it finds depends on the machine: what is tested is that it says everything, and
  /// that its sum and exit code agree with it.
  @Suite(.serialized)
  struct DoctorTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    /// Exit code and last event follow from the checks.
    private func expectConsistent(_ run: Outcome) throws {
      let events = try run.events()
      let findings = events.named("check").map { $0.string("finding") }
      let last = try #require(events.last)
      #expect(last.name == "doctor")
      for (key, finding) in [
        ("problems", "problem"), ("warnings", "warning"), ("unknown", "unknown"),
      ] {
        #expect(last.integer(key) == findings.count { $0 == finding })
      }
      #expect(run.code == (last.integer("problems") > 0 ? 1 : 0), "\(run.errors)")
    }

    @Test func theHostIsChecked() throws {
      let run = try folder.replan("doctor", "--json", "--seconds", "1", "--rate", "100")
      try expectConsistent(run)
      let checks = try run.events().named("check")
      #expect(checks.count == 15)
      for check in checks {
        #expect(
          check.keys == ["event", "name", "finding", "found", "why", "remedy", "command"])
        #expect(!check.string("found").isEmpty && !check.string("why").isEmpty)
      }
      #expect(Set(checks.map { $0.string("name") }).count == 15)
      let wake = try #require(try run.events().named("wake").first)
      #expect(wake.number("rate_hz") == 100 && wake.integer("count") > 0)
      let latencies = ["p50_us", "p99_us", "p999_us", "max_us"].map { wake.integer($0) }
      #expect(latencies == latencies.sorted() && latencies[0] >= 0)
    }

    @Test func peopleGetATableAndEachRemedyOnce() throws {
      let run = try folder.replan("doctor", "--seconds", "0.5")
      #expect([0, 1].contains(run.code))
      for word in ["kernel preemption", "p99.9", "of the period", "problems:", "warnings:"] {
        #expect(run.output.contains(word), "\(word)")
      }
      let remedies = run.output.split(separator: "\n").filter { $0.hasPrefix("  -> ") }
      #expect(Set(remedies).count == remedies.count)
      #expect(!run.output.contains("\u{1B}"))
    }

    @Test(arguments: [
      ["--seconds", "0"], ["--rate", "0"], ["--rate", "2000"], ["--amplitude", "2"],
      ["--amplitude", "0"], ["--priority", "100"], ["--probe"], ["--sim", "cart-pole"],
      ["--device", "/dev/null"], ["--lockstep"], ["a", "b"], ["--seconds", "soon"],
    ])
    func wrongArgumentsAreRefused(arguments: [String]) throws {
      let run = try ReplanProcess(["doctor"] + arguments, in: folder).finish()
      #expect(run.code == 64 && run.output.isEmpty, "\(run.errors)")
      #expect(!run.errors.isEmpty)
    }

    @Test func wrongFilesAndPlantsAreToldBeforeAnythingIsMeasured() throws {
      #expect(try folder.replan("doctor", "no.yaml", "--probe").code == 74)
      let broken = try folder.write("name: 1", "broken.yaml")
      #expect(try folder.replan("doctor", broken).code == 65)
      let none = try folder.replan("doctor", Places.cartPole, "--sim", "kite")
      #expect(none.code == 64 && none.errors.contains("cart-pole"))
    }

    @Test func aDeviceThatIsNotThereIsAPlantNotReached() throws {
      let run = try folder.replan(
        "doctor", Places.cartPole, "--device", "/dev/tty-none", "--json")
      #expect(run.code == 69 && run.errors.contains("/dev/tty-none"), "\(run.errors)")
      let events = try run.events()
      // The host is told of all the same.
      #expect(events.named("check").count == 14)
      #expect(events.named("error").first?.integer("code") == 69)
    }

    @Test func theLinkOfASimulatedPlantIsMeasured() throws {
      let run = try folder.replan(
        "doctor", Places.pendulum, "--sim", "pendulum", "--seconds", "1", "--json")
      try expectConsistent(run)
      let link = try #require(try run.events().named("link").first)
      #expect(link.integer("samples") > 10 && link.integer("round_trips") > 10)
      #expect(link.object("round_trip").integer("p99_us") > 0)
      #expect(try run.events().named("latency").isEmpty)
    }

    @Test(arguments: [0, 2])
    func theProbeFindsTheLatency(delay: Int) throws {
      // A busy host brings actions too late for their sample: then once more.
      var run = try probe(delay)
      for _ in 0..<4 {
        let latency = try run.events().named("latency").first
        if latency?.integer("ticks") == delay && latency?.flag("clear") == true { break }
        run = try probe(delay)
      }
      try expectConsistent(run)
      let latency = try #require(try run.events().named("latency").first)
      #expect(latency.integer("ticks") == delay && latency.flag("clear") == true)
      #expect(latency.numbers("residuals").count == 9 && latency.number("confidence") > 1)
      let check = try #require(
        try run.events().named("check").first { $0.string("name") == "latency of the plant" })
      #expect(check.string("finding") == (delay == 0 ? "ok" : "problem"))
      #expect(check.string("command").contains("latency: 2") == (delay == 2))
    }

    private func probe(_ delay: Int) throws -> Outcome {
      try folder.replan(
        "doctor", Places.cartPole, "--sim", "cart-pole", "--probe", "--seconds", "0.5",
        "--actuation-delay", "\(delay)", "--json")
    }
  }
}
