import ReplanCore
import ReplanWire
import Testing

@testable import ReplanLoop

@Suite struct WireMapTests {
  private func map(_ hidden: [Int], states: Int = 5) -> WireMap {
    var configuration = ControllerConfiguration(
      structure: PlantStructure(stateCount: states, actionCount: 1, tick: 0.02), model: .linear,
      limits: ActionLimits(
        low: ActionVector(repeating: -1), high: ActionVector(repeating: 1),
        slewPerTick: ActionVector(repeating: .infinity), safe: ActionVector(repeating: 0)),
      objective: Objective(terminal: 1), planner: .lqr(LQRConfiguration(horizon: 2)),
      value: .expected,
      guarding: GuardConfiguration(
        observationLow: StateVector(repeating: -1), observationHigh: StateVector(repeating: 1),
        envelopeLow: StateVector(repeating: -1), envelopeHigh: StateVector(repeating: 1)),
      timing: .nextTick, plantLatency: 0, seed: 1)
    if !hidden.isEmpty { configuration.estimator.method = .difference }
    for i in hidden { configuration.estimator.isEstimated[i] = true }
    return WireMap(configuration)
  }

  private func message(_ values: [Float]) -> ObservationMessage {
    var all = InlineArray<32, Float>(repeating: 0)
    for (i, value) in values.enumerated() { all[i] = value }
    return ObservationMessage(
      timeMicroseconds: 1, sequence: 2, actionSequence: 0, cost: .nan, flags: ObservationFlags(),
      count: UInt8(values.count), values: all)
  }

  @Test(arguments: [[], [0], [4], [1, 3], [0, 1, 2], [2, 3, 4], [0, 4]])
  func eachValueComesToItsChannel(hidden: [Int]) {
    let measured = (0..<5).filter { !hidden.contains($0) }
    var message = message(measured.map { Float($0) + 0.5 })
    map(hidden).spread(&message)
    #expect(message.count == 5)
    for i in 0..<5 {
      let value = message.values[i]
      #expect(hidden.contains(i) ? value.isNaN : value == Float(i) + 0.5)
    }
  }

  @Test func theEstimateFillsInTheRest() {
    let map = map([1, 3])
    var values = StateVector(repeating: 7)
    var estimate = StateVector(repeating: 0)
    for i in 0..<5 { estimate[i] = Float(i) }
    map.complete(&values, from: estimate)
    #expect((0..<6).map { values[$0] } == [7, 1, 7, 3, 7, 7])
    #expect(!map.isWhole && self.map([]).isWhole)
  }
}
