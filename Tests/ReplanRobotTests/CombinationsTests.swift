import ReplanCore
import Testing

@testable import ReplanRobot

@Suite struct CombinationsTests {
  private func complaints(_ more: String) throws -> [String] {
    try faults(of: minimal(more)).map(\.description)
  }

  private static let sampling = "planner.kind cem, mppi, shooting, cem-ilqr"

  @Test func iLQRValuesNothingByParticles() throws {
    let found = try complaints("value: {pessimistic: 0.95}\npropagation: {noise: true}")
    let instead =
      "planner.dynamics: members for the mean over members, or \(Self.sampling)"
    #expect(
      found == [
        "robot.yaml:11:8: value: found pessimistic with planner.kind ilqr, "
          + "allowed expected; \(instead)",
        "robot.yaml:12:14: propagation: found a section with planner.kind ilqr, "
          + "allowed no section; \(instead)",
      ])
    #expect(try complaints("value: expected\nplanner: {dynamics: members}").isEmpty)
  }

  @Test func theRegulatorValuesNothingAtAll() throws {
    #expect(
      try complaints("planner: {kind: lqr}\nvalue: {optimistic: 0.7}\npropagation: {}") == [
        "robot.yaml:12:8: value: found optimistic with planner.kind lqr, allowed expected; "
          + Self.sampling,
        "robot.yaml:13:14: propagation: found a section with planner.kind lqr, "
          + "allowed no section; \(Self.sampling)",
      ])
  }

  @Test(arguments: [
    (
      "propagation: {dynamics: mean}",
      "expected, or particles that differ: propagation.dynamics: member"
    ),
    ("model: {members: 1}", "expected, or particles that differ: propagation.noise: true"),
    (
      "model: {members: 1}\npropagation: {dynamics: mean}",
      "expected, or particles that differ: propagation.noise: true"
    ),
    (
      "propagation: {particles: 1}", "expected, or more particles: propagation.particles: 2...64"
    ),
    (
      "model: {members: 1}\npropagation: {noise: true}",
      "expected, or more particles: propagation.particles: 2...64"
    ),
    (
      "propagation: {dynamics: mean, noise: true, particles: 1}",
      "expected, or more particles: propagation.particles: 2...64"
    ),
  ])
  func oneParticleHasNoQuantiles(more: String, allowed: String) throws {
    for name in ["pessimistic", "optimistic"] {
      let found = try complaints("value: {\(name): 0.9}\nplanner: {kind: cem}\n\(more)")
      #expect(
        found == [
          "robot.yaml:11:8: value: found \(name) of a single particle, allowed \(allowed)"
        ])
    }
    #expect(try complaints("planner: {kind: cem}\n\(more)").isEmpty)
  }

  @Test func particlesThatAreAllAlikeAreRefused() throws {
    #expect(
      try complaints("planner: {kind: mppi}\npropagation: {dynamics: mean, particles: 8}") == [
        "robot.yaml:12:42: propagation.particles: found 8, all alike by dynamics: mean without "
          + "noise, allowed 0 or 1, or noise: true"
      ])
    #expect(
      try complaints("planner: {kind: cem}\nmodel: {members: 1}\npropagation: {particles: 2}") == [
        "robot.yaml:13:26: propagation.particles: found 2, all alike by model.members: 1 without "
          + "noise, allowed 0 or 1, or noise: true"
      ])
    // Together with a value both are told.
    #expect(
      try faults(
        of: minimal(
          "planner: {kind: cem}\nvalue: {optimistic: 0.5}\n"
            + "propagation: {dynamics: mean, particles: 8}")
      ).map(\.key) == ["value", "propagation.particles"])
  }

  @Test(arguments: [
    "value: {pessimistic: 0.95}", "value: {optimistic: 0.7}\nmodel: {members: 2}",
    "value: {pessimistic: 0.9}\npropagation: {dynamics: mean, noise: true, particles: 2}",
    "value: {pessimistic: 0.9}\npropagation: {dynamics: mean, noise: true}",
    "value: {pessimistic: 0.9}\nmodel: {members: 1}\npropagation: {noise: true, particles: 2}",
    "propagation: {dynamics: mean, particles: 1}", "propagation: {dynamics: resampled}",
  ])
  func whatMeansSomethingIsAccepted(more: String) throws {
    for kind in ["cem", "mppi", "shooting", "cem-ilqr"] {
      #expect(try complaints("planner: {kind: \(kind)}\n\(more)").isEmpty)
    }
  }

  @Test func whatHasAFaultAlreadyIsNotCombined() throws {
    for more in [
      "planner: {kind: magic}\nvalue: {pessimistic: 0.9}\npropagation: {}",
      "planner: {kind: cem}\nvalue: {pessimistic: 0.9}\nmodel: {members: 0}",
      "planner: {kind: cem}\nvalue: {pessimistic: 0.9}\npropagation: {dynamics: mean, noise: 1}",
      "planner: {kind: cem}\nvalue: {pessimistic: 9}\npropagation: {particles: 1}",
    ] {
      #expect(try complaints(more).count == 1, "\(more)")
    }
  }

  @Test func aRegulatorNeedsTerms() throws {
    let text =
      minimal.replacing("terms:\n    - {quadratic: position}", with: "learned_cost: 1")
      + "planner: {kind: lqr}\nguard: {fallback: lqr}\n"
    #expect(
      try faults(of: text).map(\.description) == [
        "robot.yaml:10:17: planner.kind: found lqr with a learned cost alone, "
          + "allowed with terms only: they are what lqr regulates to",
        "robot.yaml:11:19: guard.fallback: found lqr with a learned cost alone, "
          + "allowed with terms only: they are what lqr regulates to",
      ])
  }

  @Test(arguments: [
    ("reset_by: [plant, controller]", "controller after another way"),
    ("reset_by: [operator, operator]", "a way twice"),
    ("reset_by: [controller]", "controller without reset_feedback"),
    (
      "reset_by: [controller]\n  at_rest: [{channel: position, within: 1}]",
      "without reset_feedback"
    ),
    ("reset: random\n  reset_by: [controller]\n  \(Self.settling)", "controller alone"),
    ("reset_timeout: 1\n  rest_hold: 2", "at most 1, episode.reset_timeout"),
  ])
  func aControllerResetsOnlyAsItCan(episode: String, fault: String) throws {
    let found = try complaints("episode:\n  \(episode)")
    #expect(found.contains { $0.contains(fault) }, "\(found)")
  }

  private static let settling =
    "reset_feedback: [{action: force, channel: position, gain: -1}]\n  "
    + "at_rest: [{channel: position, within: 0.1}]"

  @Test func aControllerThatResetsIsDescribed() throws {
    let text = minimal("episode:\n  reset_by: [controller, operator]\n  \(Self.settling)")
    let episode = try RobotDescription.parse(text: text, file: "robot.yaml").episode
    #expect(episode.resetBy == [.controller, .operator] && episode.settling?.hold == 0.5)
    let plain = try RobotDescription.parse(
      text: minimal("episode:\n  \(Self.settling)"), file: "robot.yaml")
    #expect(plain.episode.settling == nil)
    let core = try RobotDescription.parse(text: text, file: "robot.yaml")
      .controllerConfiguration(seed: 1)
    #expect(core.settling.count == 1)
  }
}
