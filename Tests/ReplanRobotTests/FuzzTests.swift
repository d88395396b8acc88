import Foundation
import ReplanCore
import Testing

@testable import ReplanRobot

@Suite struct FuzzTests {
  /// Ways to plan that the shipped files do not show.
  private static let planning = [
    """
    planner: {kind: cem-ilqr, horizon: 1.5, candidates: 20, elites: 10, scales: [1, 0.5],
      decay: 1.5, knots: {every: 4, between: linear}, threads: 2, wait: spin,
      finish: {dynamics: members}}
    value: {pessimistic: 0.95}
    propagation: {dynamics: member, noise: true, particles: 6}
    """,
    """
    planner: {kind: mppi, horizon: 1.5, temperature: {absolute: 2}, noise: 0.5, least_noise: 0.1,
      scales: [1, 0.5], control_cost: 0.5, adaptation: 0.5, knots: {every: 4}}
    value: {optimistic: 0.7}
    propagation: {dynamics: mean, noise: true, particles: 2}
    """,
  ]

  /// Bytes, lines and words of the shipped files, cut, doubled, swapped and replaced at random.
  @Test(arguments: Shipped.names)
  func mutationsGiveAValueOrLocatedFaults(name: String) throws {
    try fuzz(Shipped.text(name))
  }

  @Test(arguments: planning)
  func mutationsOfOtherPlanners(planning: String) throws {
    let original = "planner: {kind: ilqr, horizon: 1.5}"
    let text = try Shipped.text("pendulum")
    try #require(text.contains(original))
    try fuzz(text.replacing(original, with: planning))
  }

  private func fuzz(_ text: String) throws {
    let original = Array(text.utf8)
    var random = Random(state: 2463534242)
    var accepted = 0
    for _ in 0..<1500 {
      var bytes = original
      for _ in 0...random.below(3) { mutate(&bytes, &random) }
      do throws(RobotError) {
        let text = try RobotFile.text(of: Data(bytes), file: "fuzzed.yaml")
        let robot = try RobotDescription.parse(text: text, file: "fuzzed.yaml")
        accepted += 1
        checkThatItConfigures(robot)
      } catch {
        #expect(!error.faults.isEmpty)
        let lines = 1 + String(decoding: bytes, as: UTF8.self).count(where: \.isNewline)
        for fault in error.faults {
          #expect(fault.line >= 1 && fault.line <= lines, "\(fault) of \(lines) lines")
          #expect(fault.column >= 1 && !fault.found.isEmpty && !fault.allowed.isEmpty)
        }
      }
    }
    // Most mutations hit comments or faults; both outcomes have to occur for this to mean anything.
    #expect(accepted > 100 && accepted < 1400)
  }

  /// The core's initialisers trap on what they cannot hold.
  private func checkThatItConfigures(_ robot: RobotDescription) {
    let configuration = robot.controllerConfiguration(seed: 1)
    #expect((2...500).contains(configuration.planner.horizon))
    #expect(Controller.byteCount(configuration) > 0)
    for i in 0..<configuration.structure.actionCount {
      #expect(configuration.limits.low[i] <= configuration.limits.safe[i])
      #expect(configuration.limits.safe[i] <= configuration.limits.high[i])
    }
    #expect(!robot.meaning.isEmpty)
  }

  private func mutate(_ bytes: inout [UInt8], _ random: inout Random) {
    guard !bytes.isEmpty else { return }
    let at = random.below(bytes.count)
    let end = min(bytes.count, at + 1 + random.below(12))
    switch random.below(7) {
    case 0: bytes[at] = UInt8(random.below(256))
    case 1: bytes.removeSubrange(at..<end)
    case 2: bytes.insert(contentsOf: bytes[at..<end], at: random.below(bytes.count))
    case 3:
      let indicators = Array("[]{}:,-?&*!|>'\"#%@`~\n\t 0".utf8)
      bytes.insert(indicators[random.below(indicators.count)], at: at)
    case 4:
      let words = ["1e999", "-1", "0", "nan", "name", "weight", "~", "50", "\u{F0000}", "&a *a"]
      bytes.replaceSubrange(at..<end, with: Array(words[random.below(words.count)].utf8))
    case 5:
      var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      lines.insert(lines[random.below(lines.count)], at: random.below(lines.count))
      bytes = Array(lines.joined(separator: [UInt8(ascii: "\n")]))
    default:
      if let digit = bytes[at...].firstIndex(where: { (48...57).contains($0) }) {
        bytes[digit] = UInt8(48 + random.below(10))
      }
    }
  }

  /// Marsaglia's xorshift: the same mutations in every run.
  private struct Random {
    var state: UInt32

    mutating func below(_ bound: Int) -> Int {
      state ^= state << 13
      state ^= state >> 17
      state ^= state << 5
      return Int(state % UInt32(bound))
    }
  }
}
