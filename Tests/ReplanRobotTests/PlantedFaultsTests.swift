import Foundation
import ReplanRobot
import Testing

@Suite struct PlantedFaultsTests {
  /// Each line with a fault ends in a comment `#! key` for each of its faults, in order.
  static let text = """
    name: Cart                                     #! name
    rate: 2000                                     #! rate
    observation:
      - {name: x, unit: m, range: [3, -3]}         #! observation[0].range
      - {name: v, unit: m/s, noise: -1}            #! observation[1].noise
      - {name: angle, unit: deg, kind: angle}      #! observation[2].unit
      - {name: x, unit: m}                         #! observation[3].name
    action:
      - {name: force, unit: N, min: -1, max: 1, safe: 2}    #! action[0].safe
      - {name: torque, unit: N·m, min: 1, max: 1, slew: 0}  #! action[1].max action[1].slew
    latency: 1.5                                   #! latency
    structure:
      symmetry: [x, v, angel]                      #! structure.symmetry[2]
      second_order: {x: v, v: angle}  #! structure.second_order.x structure.second_order.v
    objective:
      terms:
        - {angle: x}                               #! objective.terms[0].angle
        - {quadratic: x, angle: angle}             #! objective.terms[1].angle
        - {range: x, low: 2, high: 1}              #! objective.terms[2].high
        - {action: v}                              #! objective.terms[3].action
        - {range: x}                               #! objective.terms[4]
        - {weight: 2}                              #! objective.terms[5]
    planner: {kind: ilqr, elites: 4, horizn: 1}    #! planner.elites planner.horizn
    model:
      hidden: [32, 0]                              #! model.hidden[1]
      refit: {every: 5, adopt_after: 6}            #! model.refit.adopt_after
    value: pessimistic                             #! value
    base_policy: {kind: uniform, deviation: 0.3}   #! base_policy.deviation
    episode:
      seconds: 2
      hold: 3                                      #! episode.hold
      reset: home                                  #! episode.reset
      success:
        - {channel: y, within: 0.1}                #! episode.success[0].channel
        - {channel: x}                             #! episode.success[1].within
    guard: {stale_ticks: 16, stale_ticks: 1}       #! guard.stale_ticks guard.stale_ticks
    envelope: {force: [0, 1]}                      #! envelope.force
    link: {output: next_tick, baud: fast}          #! link.output link.baud
    """

  @Test func everyPlantedFaultIsFoundOnItsLineAndNoOther() throws {
    var expected: [String] = []
    for (index, line) in Self.text.split(separator: "\n").enumerated() {
      let parts = line.components(separatedBy: "#!")
      guard parts.count == 2 else { continue }
      for key in parts[1].split(separator: " ") { expected.append("\(index + 1) \(key)") }
    }
    let found = try faults(of: Self.text)
    #expect(found.map { "\($0.line) \($0.key)" } == expected)
    #expect(found.count == 34)
    #expect(found.allSatisfy { $0.file == "robot.yaml" && $0.column > 0 })
  }

  @Test func faultsGiveTheirPlacesAndWords() throws {
    let text = """
      name: minimal
      rate: 50
      rate: 60
      observation:
        - {name: position, unit: m, kind: lineer}
        - {name: heading, unit: 1, kind: angle}
      action:
        - {name: force, unit: N, min: 10, max: 20}
        - torque
      objective:
        terms:
          - {quadratic: postion}
          - {angle: heading, weight: heavy, scale: 2}
      planner:
        kind: cem
        candidates: 4
        elites: 5
        momentum: 1
      base_policy:
      episode: {hold: 5}
      envelope: {position: 2}
      links: {}
      link: {lead: 20, timeout: 0}

      """
    let expected = [
      "3:1: rate: found the key a second time, allowed once (it is in line 2)",
      "5:37: observation[0].kind: found \"lineer\", allowed one of linear, angle "
        + "(did you mean linear?)",
      "6:27: observation[1].unit: found 1, allowed a text of one line, 1...255 characters",
      "8:5: action[0].safe: found 0 (the default), allowed 10...20",
      "9:5: action[1]: found \"torque\", allowed a section with keys name, unit, min, max, slew, "
        + "safe",
      "12:19: objective.terms[0].quadratic: found \"postion\", allowed an observation channel, "
        + "one of position, heading (did you mean position?)",
      "13:32: objective.terms[1].weight: found \"heavy\", allowed a number, 0...1000000",
      "13:39: objective.terms[1].scale: found a key of quadratic, range, action, action_rate, "
        + "allowed with angle: weight, angle, target",
      "17:11: planner.elites: found 5, allowed 1...4, the number of candidates",
      "18:13: planner.momentum: found 1, allowed a number, 0 or more, below 1",
      "19:13: base_policy: found nothing, allowed a section with keys kind, seconds, "
        + "time_constant, deviation, amplitude, period, band",
      "20:17: episode.hold: found 5, allowed at most 4, the seconds of the episode",
      "21:22: envelope.position: found 2, allowed [low, high], low below high, each "
        + "-1000000000...1000000000",
      "22:1: links: found an unknown key, allowed one of name, description, rate, observation, "
        + "action, structure, latency, estimator, objective, planner, model, dataset, value, propagation, "
        + "base_policy, exploration, learning, promotion, episode, guard, envelope, link, picture (did you mean link?)",
      "23:14: link.lead: found 20 ms, allowed at most a quarter of the period, 5 ms",
      "23:27: link.timeout: found 0, allowed a number, 0.1...600",
    ]
    let found = try faults(of: text)
    for (fault, expected) in zip(found, expected) {
      #expect(fault.description == "robot.yaml:" + expected)
    }
    #expect(found.count == expected.count)
  }

  @Test func missingKeysAreReportedWhereTheirSectionBegins() throws {
    let found = try faults(of: "# a comment\nname: empty\n")
    #expect(found.map(\.key) == ["rate", "observation", "action", "objective"])
    #expect(found.allSatisfy { $0.line == 2 && $0.found == "nothing" })
  }
}
