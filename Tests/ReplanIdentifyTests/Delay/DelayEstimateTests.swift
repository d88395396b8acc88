import Foundation
import ReplanCore
import ReplanPlants
import ReplanRecord
import Testing

@testable import ReplanIdentify

/// The latency of simulated plants is found from what their sensors tell; `make identify-delays`
/// repeats it 200 times for each number of ticks.
@Suite struct DelayEstimateTests {
  private static let repetitions =
    ProcessInfo.processInfo.environment["REPLAN_REPETITIONS"].flatMap(Int.init) ?? 4

  /// A plant of `firmware-sim`, its sensors with 12 bits and their noise, under a designed signal.
  ///
  /// - Parameters:
  ///   - channels: those that are measured.
  ///   - strength: of the signal; 1 is usual.
  private func record(
    _ kind: PlantKind, delay: Int, seed: UInt64, signal: ExcitationSettings.Kind, seconds: Double,
    channels: [Int], strength: Double = 1
  ) throws -> Trajectory {
    let facts = kind.facts
    let words = PlantSeed(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: delay))
    var plant = Plant(kind, seed: words)
    plant.reset(.rest)
    let sensors = SensorModel(seed: words, noiseScale: 1, quantises: true)
    var actuator = ActuatorDelay(samples: delay, safe: facts.safeAction)
    let design = try ExcitationDesign(
      ExcitationSettings(
        kind: signal,
        channels: [
          .init(
            name: "u", low: Double(facts.actionLow[0]), high: Double(facts.actionHigh[0]), safe: 0)
        ], rate: 50, amplitude: strength * (kind == .cartPole ? 0.3 : 0.5), band: 0.4...4,
        ticks: Int(seconds * 50), seed: seed))
    func sample(_ k: Int) -> [Float] {
      let reading = sensors.measure(plant.state, facts, reset: 0, sample: UInt32(k))
      return channels.map { reading[$0] }
    }
    var trajectory = Trajectory(actionCount: 1, start: sample(0))
    for (k, value) in design.actions[0].enumerated() {
      actuator.nextInterval()
      actuator.command(PlantAction(Float(value), 0, 0, 0))
      plant.advance(actuator.applied, microseconds: 20_000)
      trajectory.append(action: [Float(value)], state: sample(k + 1))
      // Excitation ends before the end stop, as that of `collect` does.
      if kind == .cartPole && abs(plant.state[0]) > 0.95 * CartPole.trackHalfLength { break }
    }
    return trajectory
  }

  private func structure(_ kind: PlantKind) -> PlantStructure {
    var structure = PlantStructure(
      stateCount: kind.facts.observationCount, actionCount: 1, tick: 0.02)
    for i in stride(from: 0, to: structure.stateCount, by: 2) {
      structure.states[i].velocity = i + 1
      structure.states[i].isAngle = kind.facts.sensors[i].isAngle
    }
    return structure
  }

  @Test(arguments: [PlantKind.cartPole, .pendulum], [ExcitationSettings.Kind.prbs, .ou])
  func itIsFoundExactly(kind: PlantKind, signal: ExcitationSettings.Kind) throws {
    var (right, count, unclear) = (0, 0, 0)
    for delay in 0...5 {
      for seed in 1...UInt64(Self.repetitions) {
        let record = try record(
          kind, delay: delay, seed: seed, signal: signal, seconds: 10,
          channels: Array(0..<kind.facts.observationCount))
        let estimate = try #require(DelayEstimate([record], structure(kind)))
        right += estimate.ticks == delay ? 1 : 0
        unclear += estimate.isClear ? 0 : 1
        count += 1
        // What is said to be clear has to be right.
        #expect(estimate.ticks == delay || estimate.confidence < 0.99, "\(kind) \(delay) \(seed)")
      }
    }
    #expect(Double(right) >= 0.99 * Double(count), "\(kind) \(signal): \(right) of \(count)")
    #expect(Double(unclear) <= 0.15 * Double(count), "\(unclear) of \(count) unclear")
    print("delay, \(kind), \(signal): \(right) of \(count) exact, \(unclear) unclear")
  }

  /// Where noise and friction hide the latency, it is not found each time, and mostly not called clear.
  @Test(arguments: [PlantKind.cartPole, .pendulum])
  func weakSignalsAreNotCalledClear(kind: PlantKind) throws {
    var (right, clear, wrong, count) = (0, 0, 0, 0)
    for strength in [0.01, 0.03, 0.1] {
      for delay in 0...5 {
        for seed in 1...UInt64(max(Self.repetitions / 4, 4)) {
          let record = try record(
            kind, delay: delay, seed: 1000 + seed, signal: .prbs, seconds: 4,
            channels: Array(0..<kind.facts.observationCount), strength: strength)
          guard let estimate = DelayEstimate([record], structure(kind)) else { continue }
          count += 1
          right += estimate.ticks == delay ? 1 : 0
          clear += estimate.isClear ? 1 : 0
          wrong += estimate.isClear && estimate.ticks != delay ? 1 : 0
        }
      }
    }
    print(
      "weak signals, \(kind): \(right) of \(count) exact, \(clear) clear, of these \(wrong) wrong")
    // Dry friction that a signal hardly overcomes is more than the regression knows: of 260 of the cart-pole
    // that were called clear at a confidence of 95 % 25 were wrong; three deviations of the count more.
    let expected = 0.1 * Double(clear)
    #expect(Double(wrong) <= expected + 3 * (0.9 * expected).squareRoot())
    #expect(clear < count)
  }

  /// Nothing is said of velocities, so that the number of integrals is chosen as well.
  @Test func positionsAlone() throws {
    var structure = PlantStructure(stateCount: 2, actionCount: 1, tick: 0.02)
    structure.states[1].isAngle = true
    for delay in [0, 2, 5] {
      let record = try record(
        .cartPole, delay: delay, seed: 3, signal: .prbs, seconds: 10, channels: [0, 2])
      let estimate = try #require(DelayEstimate([record], structure))
      #expect(estimate.ticks == delay, "\(estimate)")
    }
  }

  @Test func severalRecordsCountTogether() throws {
    let records = try (1...6).map {
      try record(.cartPole, delay: 2, seed: $0, signal: .prbs, seconds: 1, channels: [0, 1, 2, 3])
    }
    let estimate = try #require(DelayEstimate(records, structure(.cartPole)))
    #expect(estimate.ticks == 2 && estimate.isClear)
  }

  @Test func noiseAloneIsNotClear() throws {
    var random = ExcitationNumbers(seed: 4)
    var trajectory = Trajectory(actionCount: 1, start: [0])
    for _ in 0..<300 {
      trajectory.append(action: [Float(random.normal())], state: [Float(random.normal())])
    }
    let structure = PlantStructure(stateCount: 1, actionCount: 1, tick: 0.02)
    #expect(DelayEstimate([trajectory], structure)?.isClear != true)
  }

  @Test func shortOrStillRecordsTellNothing() {
    let structure = PlantStructure(stateCount: 1, actionCount: 1, tick: 0.02)
    var still = Trajectory(actionCount: 1, start: [1])
    for k in 0..<100 { still.append(action: [Float(k % 3)], state: [1]) }
    #expect(DelayEstimate([still], structure) == nil)
    #expect(DelayEstimate([Trajectory(actionCount: 1, start: [1])], structure) == nil)
    #expect(DelayEstimate([], structure) == nil)
  }
}
