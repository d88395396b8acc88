import Foundation
import Testing

extension CommandTests {
  /// `bench`. Figures depend on the machine: what is tested is what they have to do with one another.
  @Suite(.serialized)
  struct BenchTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    @Test func measuresEverything() throws {
      var run = try folder.replan("bench", "--quick", "--json", "--robot", Places.cartPole)
      // What else runs here may slow down the peak alone: then once more.
      for _ in 0..<4 {
        let shares = try run.events().map { $0.number("peak_share") }
        guard shares.contains(where: { $0 >= 1.2 }) else { break }
        run = try folder.replan("bench", "--quick", "--json", "--robot", Places.cartPole)
      }
      #expect(run.code == 0, "\(run.errors)")
      let events = try run.events()
      #expect(events.first?.name == "start" && events.first?.string("robot") == "cart_pole")
      let peak = try #require(events.named("peak").first)
      #expect(peak.number("gflops") > 0)
      let networks = events.named("network")
      #expect(networks.map { $0.string("shape") } == ["5-32-32-2", "6-64-64-8"])
      for network in networks {
        #expect(network.number("evaluations_per_s") > 0 && network.integer("members") > 0)
        #expect(network.number("peak_share") > 0 && network.number("peak_share") < 1.2)
      }
      let ticks = events.named("tick")
      #expect(
        Set(ticks.map { $0.string("planner") })
          == ["ilqr", "cem", "mppi", "shooting", "cem-ilqr", "lqr"])
      for tick in ticks {
        #expect(tick.number("p50_us") > 0 && tick.number("p50_us") <= tick.number("p99_us"))
        // The regulator follows the linearised plant, without a network.
        let hasRollouts = tick.string("planner") != "lqr"
        let share = tick.number("peak_share")
        #expect((share > 0) == hasRollouts && share < 1.2)
        #expect((tick.integer("evaluations") > 0) == hasRollouts && !tick.string("setting").isEmpty)
      }
      let refit = try #require(events.named("refit").first)
      #expect(refit.integer("batch") == 64 && refit.number("examples_members_per_s") > 0)
      try expectSound(events.named("fit_rate"))
    }

    private func expectSound(_ fits: [Event]) throws {
      #expect(fits.map { $0.integer("rate_hz") } == [50, 100, 200, 250, 400, 500, 1000])
      for fit in fits {
        let share = fit.number("p99_us") * fit.number("rate_hz") / 1e6
        #expect(abs(share - fit.number("period_share")) < 1e-9)
        #expect(fit.flag("fits") == (share <= 0.6))
        #expect((2...500).contains(fit.integer("horizon")))
      }
    }

    @Test func tablesNeedNoRobot() throws {
      let run = try folder.replan("bench", "--quick")
      #expect(run.code == 0, "\(run.errors)")
      for word in ["GFLOP/s", "6-64-64-8", "cem-ilqr", "what fits", "examples", "[#", "1000"] {
        #expect(run.output.contains(word), "\(word)")
      }
      #expect(!run.output.contains("\u{1B}"))
    }

    @Test func fitRateWritesTheSettings() throws {
      let text = try String(contentsOfFile: Places.cartPole, encoding: .utf8)
      let robot = try folder.write(text, "robot.yaml")
      let dry = try folder.replan(
        "bench", "--quick", "--json", "--fit-rate", "25", "--robot", robot, "--dry-run")
      #expect(dry.code == 0 && dry.errors.contains("nothing was written"), "\(dry.errors)")
      #expect(try folder.text("robot.yaml") == text)
      let run = try folder.replan(
        "bench", "--quick", "--json", "--fit-rate", "25", "--robot", robot, "--out", "new.yaml")
      #expect(run.code == 0, "\(run.errors)")
      #expect(try folder.text("robot.yaml") == text)
      let events = try run.events()
      #expect(events.map(\.name) == ["fit_rate", "written"])
      #expect(events.last?.string("file") == "new.yaml")
      try expectWritten(try #require(events.first), before: text, after: folder.text("new.yaml"))
      // It loads, and a second run finds nothing that this program would not read.
      let again = try folder.replan(
        "bench", "--quick", "--fit-rate", "20", "--robot", "new.yaml")
      #expect(again.code == 0 && again.output.contains("what fits"), "\(again.errors)")
      #expect(try folder.text("new.yaml").contains("\nrate: 20\n"))
    }

    /// The lines that differ are those of the settings, and they say what the event says.
    private func expectWritten(_ fit: Event, before: String, after: String) throws {
      let (old, new) = (before.split(separator: "\n"), after.split(separator: "\n"))
      #expect(old.count == new.count)
      let changed = zip(old, new).filter { $0 != $1 }.map { $1 }
      #expect(changed.contains("rate: 25"))
      for line in changed {
        let key = line.trimmingCharacters(in: .whitespaces).split(separator: ":").first.map(
          String.init)
        #expect(["rate", "iterations", "candidates", "horizon"].contains(key), "\(line)")
      }
      #expect(after.contains("candidates: \(fit.integer("candidates"))"))
      let comments = { (lines: [Substring]) in lines.filter { $0.contains("#") }.count }
      #expect(comments(old) == comments(new))
    }

    @Test(arguments: [
      ["--fit-rate", "200"], ["--fit-rate", "0", "--robot", "x.yaml"],
      ["--fit-rate", "1001", "--robot", "x.yaml"], ["--out", "x.yaml"], ["--dry-run"],
      ["--cpu", "-1"], ["--priority", "100"], ["x.yaml"],
    ])
    func wrongUsage(arguments: [String]) throws {
      let run = try ReplanProcess(["bench"] + arguments, in: folder).finish()
      #expect(run.code == 64 && run.errors.contains("Usage"), "\(run.errors)")
    }

    @Test func badFiles() throws {
      let missing = try folder.replan("bench", "--robot", "no.yaml")
      #expect(missing.code == 74 && missing.errors.contains("no.yaml"))
      let wrong = try folder.write("name: x\n", "wrong.yaml")
      #expect(try folder.replan("bench", "--robot", wrong).code == 65)
      let unwritable = try folder.replan(
        "bench", "--quick", "--fit-rate", "25", "--robot", Places.cartPole, "--out",
        "missing/robot.yaml")
      #expect(unwritable.code == 74 && unwritable.errors.contains("missing/robot.yaml"))
    }

    /// At 1000 Hz the line is too slow for the messages: nothing is written.
    @Test func refusesWhatWouldNotLoad() throws {
      let text = try String(contentsOfFile: Places.cartPole, encoding: .utf8)
        .replacingOccurrences(of: "baud: 921600", with: "baud: 115200")
        .replacingOccurrences(of: "horizon: 1.0", with: "horizon: 0.05")
      let robot = try folder.write(text, "robot.yaml")
      let run = try folder.replan("bench", "--quick", "--fit-rate", "1000", "--robot", robot)
      #expect(run.code == 65 && run.errors.contains("baud"), "\(run.errors)")
      #expect(try folder.text("robot.yaml") == text)
    }

    /// A horizon cut to a sliver is no fit, whatever its tick takes.
    @Test func refusesAHorizonThatSeesNothing() throws {
      let text = try String(contentsOfFile: Places.cartPole, encoding: .utf8)
        .replacingOccurrences(of: "hidden: [32, 32]", with: "hidden: [256, 256]")
      let robot = try folder.write(text, "robot.yaml")
      let run = try folder.replan("bench", "--quick", "--fit-rate", "1000", "--robot", robot)
      #expect(run.code == 1 && run.errors.contains("lower rate"), "\(run.errors)")
      #expect(try folder.text("robot.yaml") == text)
    }
  }
}
