import Testing

@testable import ReplanRobot

@Suite struct BoundariesTests {
  /// Values on the edge of what a key allows.
  @Test(arguments: [
    "latency: 0", "latency: 15", "latency: 15.0", "planner: {horizon: 0.04}",
    "planner: {horizon: 10}", "planner: {candidates: 1024}",
    "planner: {kind: cem, candidates: 4096, elites: 4096, momentum: 0}",
    "planner: {kind: cem, momentum: 0.999}", "planner: {kind: cem, candidates: 2}",
    "planner: {kind: cem, scales: [4, 4, 4, 4], decay: 100, kept_elites: 1, shifted_elites: 1}",
    "planner: {kind: mppi, noise: 0.001, least_noise: 0.001, temperature: 100}",
    "planner: {kind: mppi, temperature: {absolute: 0.001}, control_cost: 1, adaptation: 1}",
    "planner: {kind: shooting, candidates: 4096, threads: 16, knots: {every: 100}}",
    "planner: {kind: lqr, iterations: 10000, horizon: 10}", "planner: {real_time: False}",
    "planner: {kind: cem, knots: {every: 1, between: linear}, wait: spin}",
    "planner: {kind: cem}\nvalue: {pessimistic: 0.999}",
    "planner: {kind: cem}\nvalue: {optimistic: 0.01}\npropagation: {particles: 64}",
    "guard: {fallback: lqr}", "model: {members: 16, hidden: [1, 256, 1, 256]}",
    "model: {refit: {every: 0}}", "model: {refit: {every: 10, adopt_after: 10}}",
    "model: {refit: {every: 0, adopt_after: 99}}", "guard: {stale_ticks: 0, shifted_ticks: 15}",
    "episode: {seconds: 2, hold: 2}", "link: {lead: 5}", "link: {baud: 1200000}",
    "envelope: {position: [-1, 1]}", "structure: {symmetry: [], invariant: []}",
    "structure: {}", "description: ''",
  ])
  func accepted(line: String) throws {
    #expect(try faults(of: minimal(line)).isEmpty)
  }

  @Test(arguments: [
    ("latency: -1", "latency"), ("latency: 16", "latency"), ("latency: 1e300", "latency"),
    ("latency: '3'", "latency"), ("latency: 010", "latency"), ("latency: true", "latency"),
    ("latency:", "latency"), ("latency: [1]", "latency"),
    ("planner: {horizon: 0.02}", "planner.horizon"),
    ("planner: {horizon: 10.02}", "planner.horizon"), ("planner: {horizon: 0}", "planner.horizon"),
    ("planner: {candidates: 1025}", "planner.candidates"),
    ("planner: {kind: cem, candidates: 1, elites: 1}", "planner.candidates"),
    ("planner: {kind: cem, candidates: 11, elites: 12}", "planner.elites"),
    ("planner: {kind: cem, momentum: 1}", "planner.momentum"),
    ("planner: {kind: cem, scales: []}", "planner.scales"),
    ("planner: {kind: cem, scales: [1, 0]}", "planner.scales[1]"),
    ("planner: {kind: cem, scales: [1, 1, 1, 1, 1]}", "planner.scales"),
    ("planner: {kind: cem, decay: 0.9}", "planner.decay"),
    ("planner: {kind: cem, kept_elites: 1.1}", "planner.kept_elites"),
    ("planner: {kind: cem, execute: worst}", "planner.execute"),
    ("planner: {kind: cem, knots: 4}", "planner.knots"),
    ("planner: {kind: cem, knots: {every: 0}}", "planner.knots.every"),
    ("planner: {kind: cem, knots: {between: spline}}", "planner.knots.between"),
    ("planner: {kind: cem, threads: 17}", "planner.threads"),
    ("planner: {kind: cem, wait: sleep}", "planner.wait"),
    ("planner: {kind: cem, finish: {}}", "planner.finish"),
    ("planner: {kind: cem-ilqr, finish: {candidates: 3}}", "planner.finish.candidates"),
    ("planner: {kind: mppi, noise: 0}", "planner.noise"),
    ("planner: {kind: mppi, temperature: 0}", "planner.temperature"),
    ("planner: {kind: mppi, temperature: cold}", "planner.temperature"),
    ("planner: {kind: mppi, temperature: {absolute: 0}}", "planner.temperature.absolute"),
    ("planner: {kind: mppi, temperature: {}}", "planner.temperature.absolute"),
    ("planner: {kind: mppi, least_noise: 0}", "planner.least_noise"),
    ("planner: {kind: shooting, noise: 1}", "planner.noise"),
    ("planner: {kind: lqr, iterations: 10001}", "planner.iterations"),
    ("planner: {kind: lqr, horizon: 0.01}", "planner.horizon"),
    ("planner: {kind: lqr, threads: 1}", "planner.threads"),
    ("planner: {threads: 1}", "planner.threads"),
    ("planner: {dynamics: member}", "planner.dynamics"),
    ("planner: {real_time: 1}", "planner.real_time"),
    ("planner: {real_time: yes}", "planner.real_time"),
    ("planner: {kind: magic, elites: 3, regularisation: 1}", "planner.kind"),
    ("planner: {kind: cem}\npropagation: {particles: 65}", "propagation.particles"),
    ("planner: {kind: cem}\npropagation: {dynamics: members}", "propagation.dynamics"),
    ("guard: {fallback: lqg}", "guard.fallback"),
    ("planner: {noise: .nan}", "planner.noise"), ("planner: {noise: 1e999}", "planner.noise"),
    ("model: {members: 17}", "model.members"), ("model: {hidden: []}", "model.hidden"),
    ("model: {hidden: [1, 1, 1, 1, 1]}", "model.hidden"),
    ("model: {hidden: [257]}", "model.hidden[0]"), ("model: {hidden: 32}", "model.hidden"),
    ("model: {training: {learning_rate: 0}}", "model.training.learning_rate"),
    ("model: {refit: {adopt_after: 0}}", "model.refit.adopt_after"),
    ("model: {refit: {adopt_after: 6}}", "model.refit.adopt_after"),
    ("episode: {seconds: 0.5}", "episode.hold"), ("link: {lead: 5.1}", "link.lead"),
    ("link: {simulator: cart_pole}", "link.simulator"), ("link: {device: ''}", "link.device"),
    ("envelope: {position: [1, 1]}", "envelope.position"),
    ("envelope: {position: [1]}", "envelope.position"), ("envelope: [1]", "envelope"),
    ("structure: {second_order: {position: position}}", "structure.second_order.position"),
    ("structure: {invariant: [force]}", "structure.invariant[0]"),
    ("structure: {invariant: [position, position]}", "structure.invariant[1]"),
    ("structure: {symmetry: position}", "structure.symmetry"),
    ("value: optimistic", "value"), ("value: {}", "value"), ("value: [expected]", "value"),
    ("value: {optimistic: 1}", "value.optimistic"), ("value: {expected: 1}", "value.expected"),
    ("value: {pessimistic: 0.9, optimistic: 0.9}", "value.optimistic"),
    ("description: [a]", "description"),
  ])
  func refused(line: String, key: String) throws {
    #expect(try faults(of: minimal(line)).map(\.key) == [key])
  }

  @Test(arguments: [
    ("rate: 50", "rate: 0.5", "rate"), ("rate: 50", "rate: 1001", "rate"),
    ("rate: 50", "rate: 600", "planner.horizon"), ("name: minimal", "name: 2d", "name"),
    ("name: minimal", "name: Robot", "name"), ("name: minimal", "name: ''", "name"),
    ("min: -1, max: 1", "min: 1, max: 1", "action[0].max"),
    ("max: 1}", "max: 1, safe: 1.01}", "action[0].safe"),
    ("max: 1}", "max: 1, slew: 0}", "action[0].slew"),
    ("name: force", "name: position", "action[0].name"),
    ("unit: rad", "unit: deg", "observation[1].unit"),
    ("unit: m}", "unit: m, range: [0, 0]}", "observation[0].range"),
    ("quadratic: position", "quadratic: force", "objective.terms[0].quadratic"),
    ("quadratic: position", "angle: position", "objective.terms[0].angle"),
    ("quadratic: position", "action: heading", "objective.terms[0].action"),
    ("quadratic: position", "quadratic: position, weight: -1", "objective.terms[0].weight"),
    ("quadratic: position", "quadratic: position, scale: 0", "objective.terms[0].scale"),
    ("quadratic: position", "range: position, low: 1, high: 1", "objective.terms[0].high"),
    ("{quadratic: position}", "{}", "objective.terms[0]"),
    ("terms:", "learned_cost: -1\n  terms:", "objective.learned_cost"),
  ])
  func refused(original: String, replacement: String, key: String) throws {
    #expect(try faults(of: minimal.replacing(original, with: replacement)).map(\.key) == [key])
  }

  @Test func noMoreChannelsAndTermsThanTheCoreHolds() throws {
    func text(observations: Int, actions: Int, terms: Int) -> String {
      let observation = (0..<observations).map { "  - {name: x\($0), unit: m}\n" }.joined()
      let action = (0..<actions).map { "  - {name: u\($0), unit: N, min: -1, max: 1}\n" }.joined()
      let term = (0..<terms).map { _ in "    - {quadratic: x0}\n" }.joined()
      return "name: wide\nrate: 50\nobservation:\n\(observation)action:\n\(action)"
        + "objective:\n  terms:\n\(term)"
    }
    let largest = text(observations: 32, actions: 16, terms: 32)
    let robot = try RobotDescription.parse(text: largest, file: "robot.yaml")
    #expect(robot.declaredObjective.terms.count == 32)
    let found = try faults(of: text(observations: 33, actions: 17, terms: 33))
    #expect(found.map(\.key) == ["observation", "action", "objective.terms"])
    #expect(found[0].found == "33 entries" && found[0].allowed == "1...32 entries")
  }

  @Test func aFaultyNameDoesNotMakeItsReferencesFaulty() throws {
    let text = minimal.replacing("name: position", with: "name: Position")
    #expect(try faults(of: text).map(\.key) == ["observation[0].name"])
  }

  @Test func mirroredPositionsNeedMirroredVelocities() throws {
    let text = minimal.replacing(
      "- {name: heading", with: "- {name: speed, unit: m/s}\n  - {name: heading")
    let structure = "structure: {symmetry: [position], second_order: {position: speed}}\n"
    let found = try faults(of: text + structure)
    #expect(found.map(\.found) == ["position in symmetry without speed"])
  }
}
