import ReplanHIL
import ReplanPlants
import Testing

@testable import ReplanDoctor

@Suite(.serialized) struct LatencyProbeTests {
  static func settings(_ kind: PlantKind, seed: UInt64 = 1) -> ProbeSettings {
    let facts = kind.facts
    return ProbeSettings(
      channels: (0..<facts.observationCount).map {
        .init(name: "channel \($0)", isAngle: facts.sensors[$0].isAngle, envelope: nil)
      },
      actions: (0..<facts.actionCount).map {
        .init(
          low: Double(facts.actionLow[$0]), high: Double(facts.actionHigh[$0]), safe: 0, slew: nil)
      },
      rate: 50, seed: seed)
  }

  static func estimate(
    _ plant: DoctorPlant, _ settings: ProbeSettings, lockstep: Bool
  ) throws -> (estimate: LatencyEstimate, record: LatencyProbe.Record) {
    let session = try plant.connect(lockstep: lockstep)
    let record = try LatencyProbe(settings, priority: nil, cpu: nil).run(session) { false }
    let estimate = LatencyEstimate(record.samples, isAngle: settings.channels.map(\.isAngle))
    return (try #require(estimate), record)
  }

  /// The meaning of `latency` in the robot file: with none injected it is 0, as the tick of
  /// next-tick output is not in it.
  @Test(arguments: [PlantKind.cartPole, .pendulum], 0...3)
  func theInjectedDelayIsFound(kind: PlantKind, delay: Int) throws {
    for seed in 1...5 {
      let plant = DoctorPlant(kind, seed: UInt32(seed), delay: delay)
      defer { plant.stop() }
      let settings = Self.settings(kind, seed: UInt64(seed))
      let (estimate, record) = try Self.estimate(plant, settings, lockstep: true)
      #expect(record.end == .timeUp && record.transport == 0)
      #expect(estimate.ticks == delay, "seed \(seed): \(estimate)")
      #expect(estimate.isClear && estimate.confidence > 1, "seed \(seed): \(estimate)")
      #expect(!plant.wasLeftArmed)
    }
  }

  @Test func aPlantOnItsOwnClockIsProbedAlike() throws {
    var settings = Self.settings(.cartPole)
    settings.lead = 0.001
    var (ticks, transport) = (-1, -1)
    // A busy host brings actions too late for their sample: then once more.
    for _ in 0..<6 where ticks != 2 || transport != 0 {
      let plant = DoctorPlant(.cartPole, delay: 2)
      defer { plant.stop() }
      let (estimate, record) = try Self.estimate(plant, settings, lockstep: false)
      (ticks, transport) = (estimate.ticks, record.transport)
      #expect(!plant.wasLeftArmed)
    }
    #expect(ticks == 2 && transport == 0)
  }

  @Test func leavingTheEnvelopeEndsTheProbe() throws {
    let plant = DoctorPlant(.cartPole)
    defer { plant.stop() }
    var settings = Self.settings(.cartPole)
    settings.channels[1].envelope = -0.1...0.1
    settings.channels[1].name = "cart_velocity"
    let session = try plant.connect(lockstep: true)
    let record = try LatencyProbe(settings, priority: nil, cpu: nil).run(session) { false }
    #expect(record.end == .leftEnvelope(channel: "cart_velocity"))
    let last = try #require(record.samples.last)
    #expect(abs(last.state[1]) > 0.1)
    #expect(record.samples.dropLast().allSatisfy { abs($0.state[1]) <= 0.1 })
    #expect(!plant.wasLeftArmed)
  }

  @Test func aStopDisarmsThePlant() throws {
    let plant = DoctorPlant(.pendulum)
    defer { plant.stop() }
    let session = try plant.connect(lockstep: true)
    #expect(throws: DoctorError.self) {
      try LatencyProbe(Self.settings(.pendulum), priority: nil, cpu: nil).run(session) { true }
    }
    #expect(!plant.wasLeftArmed)
  }
}
