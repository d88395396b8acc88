import Foundation
import Testing

extension CommandTests {
  /// `identify --kind linear`: the table of orders, a model that is stored, and one that is judged again.
  @Suite(.serialized)
  struct IdentifyLinearTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    /// Two lags in a row, of which only the second is measured.
    private func log(_ name: String, seed: Double, rows: Int = 400) throws {
      var lines = ["time,level,valve"]
      var (first, second) = (1.0, 1.0)
      for k in 0..<rows {
        let valve = sin(0.31 * Double(k) + seed) + (Int(Double(k) / (7 + seed)) % 2 == 0 ? 1 : -1)
        lines.append("\(0.02 * Double(k)),\(second),\(valve)")
        second += 0.1 * (first - second)
        first += 0.2 * (valve - first)
      }
      _ = try folder.write(lines.joined(separator: "\n") + "\n", name)
    }

    private func identify(_ arguments: [String]) throws -> Outcome {
      let robot = try folder.write(
        """
        name: lags
        rate: 50
        observation:
          - {name: level, unit: m}
        action:
          - {name: valve, unit: V, min: -3, max: 3}
        objective:
          terms:
            - {quadratic: level, target: 0, weight: 1}
        planner: {kind: lqr}
        """, "lags.yaml")
      return try ReplanProcess(
        ["identify", "--robot", robot, "--json"] + arguments, in: folder
      ).finish()
    }

    @Test func theOrderIsChosenByHeldOutSimulation() throws {
      try log("fit.csv", seed: 0.2)
      try log("new.csv", seed: 1.1)
      let run = try identify([
        "--kind", "linear", "--data", "fit.csv", "--validate", "new.csv", "--out", "m.safetensors",
      ])
      #expect(run.code == 0, "\(run.errors)")
      let events = try run.events()
      let orders = events.named("order")
      #expect(Set(orders.map { $0.string("method") }) == ["arx", "oe", "n4sid", "dmdc"])
      let chosen = orders.filter { $0.flag("chosen") == true }
      // Nothing disturbs the log, so that every order from two on explains it to the last digit.
      #expect(chosen.count == 1 && (chosen.first?.number("loss") ?? 1) < 1e-6)
      let identified = try #require(events.named("identified").first)
      #expect(identified.string("kind") == "linear")
      #expect(events.named("coefficient").contains { $0.string("regressor") == "valve" })
      let figures = events.named("validation")
      #expect(figures.compactMap { $0.values["steps"] as? Int } == [1, 5, 10, 25])
      let again = try identify(["--model", "m.safetensors", "--validate", "new.csv"])
      #expect(again.code == 0, "\(again.errors)")
      let judged = try again.events().named("validation")
      #expect(judged.count == figures.count)
      let free = try #require(judged.first { $0.string("steps") == "simulation" })
      #expect(free.number("rmse") < 1e-3)
    }

    @Test func methodAndOrdersMayBeGiven() throws {
      try log("fit.csv", seed: 0.2)
      let run = try identify([
        "--kind", "linear", "--method", "n4sid", "--order", "2", "3", "--data", "fit.csv",
      ])
      #expect(run.code == 0, "\(run.errors)")
      #expect(try run.events().named("order").map { $0.integer("order") } == [2, 3])
      let wrong = try identify(["--kind", "linear", "--order", "0", "--data", "fit.csv"])
      #expect(wrong.code == 64)
      let impossible = try identify(["--kind", "linear", "--order", "90", "--data", "fit.csv"])
      #expect(impossible.code == 65 && impossible.errors.contains("90"))
    }
  }
}
