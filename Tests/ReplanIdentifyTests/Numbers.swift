import Foundation
import ReplanIdentify

/// A small linear congruential generator: tests need repeatable numbers, not good ones.
struct TestRandom {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493 }

  mutating func uniform(_ low: Double, _ high: Double) -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return low + (high - low) * Double(state >> 11) / 9_007_199_254_740_992
  }

  /// A standard normal number, by the polar method's elder brother.
  mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform(0, 1))).squareRoot()
    return radius * cos(2 * .pi * uniform(0, 1))
  }

  mutating func array(_ count: Int, _ low: Double, _ high: Double) -> [Double] {
    (0..<count).map { _ in uniform(low, high) }
  }
}

extension MeasuredRecord {
  /// A record of a simulated plant.
  ///
  /// - Parameters:
  ///   - times: of the samples.
  ///   - noise: standard deviation of each channel's measurement; not a number: it is not measured.
  static func simulated(
    _ simulator: any EquationSimulator, parameters: [Double], start: [Double], times: [Double],
    noise: [Double], random: inout TestRandom, step: Double = 0.001,
    action: (Int, inout TestRandom) -> [Double]
  ) -> MeasuredRecord {
    let unknown = [Double](repeating: .nan, count: simulator.stateCount)
    var plan = MeasuredRecord(
      stateCount: simulator.stateCount, actionCount: simulator.actionCount)
    for (k, time) in times.enumerated() {
      plan.append(time: time, state: unknown, action: action(k, &random))
    }
    let states = simulator.simulate(
      plan, 0..<plan.count, parameters: parameters, start: start, step: step)
    var record = MeasuredRecord(
      stateCount: simulator.stateCount, actionCount: simulator.actionCount)
    for (k, time) in times.enumerated() {
      let state = (0..<simulator.stateCount).map { c in
        noise[c].isNaN
          ? Double.nan : states[k * simulator.stateCount + c] + noise[c] * random.normal()
      }
      record.append(
        time: time, state: state,
        action: Array(plan.actions[k * simulator.actionCount..<(k + 1) * simulator.actionCount]))
    }
    return record
  }
}

/// Plants of each equation, with parameters of a plausible size.
enum Plants {
  static let pendulum: [Double] = [20, 3.8, 0.1, 0.06, 0.05]
  static let cartPole: [Double] = [0.075, 1, 0.33, 0.1, 0.2, 0.01, 0.01, 0.012, 0.05]
  static let furuta: [Double] = [0.3, 0.35, 470, 73, 0.05, 0.5, 0.05, 0.02, 0.02, 0.05]
  static let motor: [Double] = [17, 0.9, 1, 0.5, 0.8, 0.05]
  static let arm: [Double] = [0.2, 0.015, 0.03, 3.5, 0.74, 0.02, 0.03, 0.05, 0.01, 0.02, 0.05]
  static let tanks: [Double] = [
    0.05, 0.01, 0.05, 0.002, 0.06, 0.001, 10, 9, 0.6, 1, 0.5, 0.05,
  ]
}
