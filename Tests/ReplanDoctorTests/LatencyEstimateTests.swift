import Foundation
import Testing

@testable import ReplanDoctor

/// The estimator on arrays: a linear plant whose latency is known.
@Suite struct LatencyEstimateTests {
  private struct Draw {
    var state: UInt64
    mutating func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 52) - 1
    }
  }

  /// x' = x + 0.1 v, v' = 0.98 v + 0.2 a, with the action of `latency` ticks before.
  private static func samples(
    latency: Int, count: Int = 110, noise: Double = 0, gain: Double = 0.2, angle: Double = 0
  ) -> [ProbeSample] {
    var draw = Draw(state: UInt64(latency + 1))
    var actions = [[Double]](repeating: [0], count: count + 1)
    for i in 1...count { actions[i] = [draw.next() > 0 ? 1 : -1] }
    var (x, v) = (angle, 0.0)
    return (0..<count).map { k in
      let sample = ProbeSample(
        sequence: UInt32(k),
        state: [remainder(x, 2 * .pi) + noise * draw.next(), v + noise * draw.next()],
        action: actions[k])
      // In force from sample k to k + 1 is what sample k + 1 names, so many ticks before.
      let action = actions[max(0, k + 1 - latency)][0]
      (x, v) = (x + 0.1 * v, 0.98 * v + gain * action)
      return sample
    }
  }

  @Test(arguments: 0...8)
  func theLatencyIsFound(latency: Int) throws {
    let clean = try #require(
      LatencyEstimate(Self.samples(latency: latency), isAngle: [false, false]))
    #expect(clean.ticks == latency && clean.isClear && clean.confidence > 10)
    let noisy = try #require(
      LatencyEstimate(Self.samples(latency: latency, noise: 0.1), isAngle: [false, false]))
    #expect(noisy.ticks == latency && noisy.isClear, "\(noisy)")
    #expect(noisy.residuals.count == 9 && noisy.residuals[latency] < 0.95)
    #expect(noisy.residuals.indices.allSatisfy { $0 == latency || noisy.residuals[$0] > 0.9 })
    #expect(noisy.transitions == 110 - 9)
  }

  @Test func anAngleMayGoRound() throws {
    let samples = Self.samples(latency: 2, noise: 0.01, angle: 3.1)
    #expect(samples.contains { $0.state[0] < -3 } && samples.contains { $0.state[0] > 3 })
    let estimate = try #require(LatencyEstimate(samples, isAngle: [true, false]))
    #expect(estimate.ticks == 2 && estimate.isClear)
  }

  @Test func anActionWithoutEffectIsNotClear() throws {
    for latency in 0..<8 {
      let samples = Self.samples(latency: latency, noise: 0.1, gain: 0)
      let estimate = try #require(LatencyEstimate(samples, isAngle: [false, false]))
      #expect(!estimate.isClear, "\(estimate)")
    }
  }

  @Test func noTransitionSpansAGap() throws {
    var samples = Self.samples(latency: 3, noise: 0.02)
    let whole = try #require(LatencyEstimate(samples, isAngle: [false, false]))
    samples.remove(at: 50)
    let torn = try #require(LatencyEstimate(samples, isAngle: [false, false]))
    #expect(torn.ticks == 3 && torn.transitions == whole.transitions - 10)
  }

  @Test func tooLittleGivesNothing() {
    #expect(LatencyEstimate([], isAngle: [false]) == nil)
    let needed = LatencyEstimate.needed(channels: 2, actions: 1)
    let few = Self.samples(latency: 0, count: needed + 8)
    #expect(LatencyEstimate(few, isAngle: [false, false]) == nil)
    let enough = Self.samples(latency: 0, count: needed + 9)
    #expect(LatencyEstimate(enough, isAngle: [false, false]) != nil)
    let still = (0..<110).map {
      ProbeSample(sequence: UInt32($0), state: [1], action: [Double($0 % 2)])
    }
    #expect(LatencyEstimate(still, isAngle: [false]) == nil)
  }

  @Test func theFileIsComparedWithWhatWasFound() throws {
    var record = LatencyProbe.Record()
    record.samples = Self.samples(latency: 2, noise: 0.02)
    let settings = ProbeSettings(
      channels: ["x", "v"].map { .init(name: $0, isAngle: false, envelope: nil) },
      actions: [.init(low: -1, high: 1, safe: 0, slew: nil)], rate: 50)
    let right = try LatencyFinding(record, settings, declared: 2)
    #expect(right.checks(file: "r.yaml", isWritten: true).map(\.finding) == [.ok])
    let wrong = try LatencyFinding(record, settings, declared: 0)
    let check = wrong.checks(file: "r.yaml", isWritten: true)[0]
    #expect(check.finding == .problem && check.command.contains("latency: 2/' r.yaml"))
    #expect(wrong.checks(file: "r.yaml", isWritten: false)[0].command.hasPrefix("echo"))
    record.transportTicks = [0: 3, 1: 90]
    record.end = .leftEnvelope(channel: "x")
    let late = try LatencyFinding(record, settings, declared: 2).checks(file: "r", isWritten: true)
    #expect(late.map(\.finding) == [.ok, .warning, .warning])
    #expect(late[1].found.contains("1 ticks late") && late[2].found.contains("x left"))
    record.samples = Array(record.samples.prefix(20))
    #expect(throws: DoctorError.self) { try LatencyFinding(record, settings, declared: 2) }
  }
}
