import FirmwareSession
import Foundation
import ReplanPlants
import ReplanWire
import Testing

/// Commands, heartbeat and clock of the wire, message by message.
struct SessionCommandTests {
  @Test func bootsStreamingAndDisarmed() {
    var rig = SessionRig()
    rig.pass(milliseconds: 100)
    #expect(rig.observations.map(\.sequence) == [0, 1, 2, 3, 4, 5])
    #expect(rig.observations.allSatisfy { $0.flags == [] && $0.actionSequence == 0 })
    #expect(rig.observations.allSatisfy { $0.cost.isNaN })
    #expect(
      rig.observations.map(\.timeMicroseconds) == [0, 20_000, 40_000, 60_000, 80_000, 100_000])
    rig.act(5, 1)
    rig.pass(milliseconds: 100)
    #expect(rig.observations.last?.actionSequence == 0)
    #expect(rig.samples.last?.applied[0] == 0)
  }

  /// Hanging, still costs 2; the cost of a sample is that of the state it shows.
  @Test(arguments: [PlantKind.cartPole, .pendulum])
  func sendsItsCostIfItMeasuresOne(kind: PlantKind) throws {
    var rig = SessionRig(kind, cost: true)
    rig.pass(milliseconds: 1)
    rig.command(.requestMessage, 53000)
    let description = try #require(rig.messages.descriptions.first)
    #expect(description.capabilities == [.streaming, .lockstep, .reset, .cost])
    #expect(abs(try #require(rig.observations.first).cost - 2) < 1e-6)
    rig.forget()
    rig.command(.reset, 1, 5)
    rig.pass(milliseconds: 200)
    #expect(rig.observations.count == rig.samples.count && rig.samples.count >= 9)
    for (observation, sample) in zip(rig.observations, rig.samples) {
      let angle = kind == .cartPole ? sample.state[2] : sample.state[0]
      let speed = sample.state[1]
      let expected =
        1 - cos(Double(angle))
        + (kind == .cartPole ? 0.02 : 0.005) * Double(speed) * Double(speed)
      #expect(abs(Double(observation.cost) - expected) < 1e-5)
    }
  }

  /// The reacher's is the distance from tip to target, in units of 0.1 m, and the effort.
  @Test func theReachersCostTellsDistanceAndEffort() throws {
    var rig = SessionRig(.reacher, cost: true)
    rig.command(.reset, 1, 5)
    rig.command(.armDisarm, 1)
    rig.pass(milliseconds: 1)
    rig.forget()
    rig.act(0.15, 1)
    rig.pass(milliseconds: 80)
    #expect(rig.observations.count == rig.samples.count && rig.samples.count >= 3)
    // The first sample still tells of the time before the action.
    for (observation, sample) in zip(rig.observations, rig.samples).dropFirst() {
      let offset = hypot(Double(sample.state[6]), Double(sample.state[7]))
      #expect(sample.applied[0] == 0.15)
      #expect(abs(Double(observation.cost) - (10 * offset + 0.02 * 0.25)) < 1e-5)
    }
  }

  @Test func aHeartbeatASecondTellsTheArming() {
    var rig = SessionRig()
    for _ in 0..<35 { rig.pass(milliseconds: 100) }
    #expect(rig.messages.heartbeats.count == 4)
    #expect(rig.messages.heartbeats.allSatisfy { $0.baseMode == 0 && $0.mavlinkVersion == 3 })
    rig.command(.armDisarm, 1)
    rig.pass(milliseconds: 1000)
    #expect(rig.messages.heartbeats.last?.baseMode == 128)
    rig.forget()
    rig.session.lineOpened(at: rig.now)
    rig.pass(milliseconds: 0)
    #expect(rig.messages.heartbeats.count == 1)
  }

  @Test(arguments: [PlantKind.cartPole, .pendulum, .furuta, .reacher, .motor])
  func describesItself(kind: PlantKind) throws {
    var rig = SessionRig(kind)
    rig.pass(milliseconds: 1)
    rig.forget()
    rig.command(.requestMessage, 53000)
    #expect(rig.messages.acknowledgements.map(\.result) == [.accepted])
    #expect(rig.messages.acknowledgements.first?.target == .controller)
    let description = try #require(rig.messages.descriptions.first)
    #expect(rig.messages.count == 2)
    #expect(description.capabilities == [.streaming, .lockstep, .reset])
    #expect(description.sampleRate == (kind == .furuta ? 100 : 50))
    #expect(description.actionTimeout == 100)
    #expect(Int(description.observationCount) == kind.facts.observationCount)
    #expect(Int(description.actionCount) == kind.facts.actionCount)
    let name = (0..<32).map { description.name[$0] }.prefix { $0 != 0 }
    #expect(String(decoding: name, as: UTF8.self) == "\(kind.name)")
    rig.forget()
    rig.command(.requestMessage, 42)
    #expect(rig.messages.acknowledgements.map(\.result) == [.denied])
  }

  @Test func unknownCommandsAreUnsupportedAndOthersIgnored() {
    var rig = SessionRig()
    rig.pass(milliseconds: 1)
    rig.forget()
    rig.command(Command(rawValue: 999))
    #expect(rig.messages.acknowledgements.map(\.result) == [.unsupported])
    rig.forget()
    let other = Address(system: 9, component: 1)
    rig.send(.commandLong(CommandLong(.armDisarm, 1, target: other)))
    #expect(rig.messages.isEmpty && !rig.session.isArmed)
    rig.send(.commandLong(CommandLong(.armDisarm, 1, target: .everyone)))
    #expect(rig.session.isArmed)
  }

  @Test func armsDisarmsAndDeniesNonsense() {
    var rig = SessionRig()
    rig.command(.armDisarm, 1)
    rig.act(5, 1)
    rig.pass(milliseconds: 20)
    #expect(rig.observations.last?.flags == .armed)
    #expect(rig.observations.last?.actionSequence == 1)
    rig.command(.armDisarm, 0.5)
    #expect(rig.session.isArmed)
    rig.command(.armDisarm, 0)
    rig.pass(milliseconds: 20)
    #expect(rig.observations.last?.flags == [])
    #expect(rig.observations.last?.actionSequence == 0)
    #expect(rig.samples.last?.applied[0] == 0)
    #expect(rig.messages.acknowledgements.map(\.result) == [.accepted, .denied, .accepted])
  }

  @Test func aResetIsAcknowledgedFirstAndKeepsTheArming() throws {
    var rig = SessionRig()
    rig.command(.armDisarm, 1)
    rig.act(5, 1)
    rig.pass(milliseconds: 90)
    rig.forget()
    rig.command(.reset, 0)
    rig.pass(milliseconds: 30)
    guard case .commandAck(let ack) = try #require(rig.messages.first) else {
      Issue.record("the first message is \(rig.messages[0])")
      return
    }
    #expect(ack.command == .reset && ack.result == .accepted)
    #expect(rig.observations.map(\.sequence) == [0, 1])
    #expect(rig.observations[0].flags == .armed)
    #expect(rig.observations[0].actionSequence == 0)
    #expect(rig.observations[0].channels == [0, 0, Float.pi, 0])
    #expect(rig.observations[0].timeMicroseconds == 100_000)
  }

  @Test func aRandomResetFollowsItsSeed() {
    var rig = SessionRig()
    rig.pass(milliseconds: 1)
    func start(_ seed: Float) -> [Float] {
      rig.forget()
      rig.command(.reset, 1, seed)
      rig.pass(milliseconds: 20)
      return rig.observations[0].channels
    }
    let seven = start(7)
    #expect(start(8) != seven)
    #expect(start(7) == seven)
    let own = start(0)
    #expect(start(0) != own)
    for nonsense in [(2, 0), (1, -1), (1, .nan), (1, .infinity)] as [(Float, Float)] {
      rig.forget()
      rig.command(.reset, nonsense.0, nonsense.1)
      #expect(rig.messages.acknowledgements.map(\.result) == [.denied])
    }
  }

  @Test func theClockTakesRatesItCanKeep() {
    var rig = SessionRig()
    for rate in [0.5, 1001, -50, .nan, .infinity] as [Float] {
      rig.forget()
      rig.command(.clock, 0, rate)
      #expect(rig.messages.acknowledgements.map(\.result) == [.denied])
      #expect(rig.session.sampleRate == 50)
    }
    rig.command(.clock, 2, 0)
    #expect(rig.messages.acknowledgements.last?.result == .denied)
    for rate in [1, 100, 1000] as [Float] {
      rig.command(.clock, 0, rate)
      rig.forget()
      rig.pass(milliseconds: 2000)
      #expect(rig.observations.count == Int(rate) * 2)
      rig.command(.requestMessage, 53000)
      #expect(rig.messages.descriptions.last?.sampleRate == rate)
    }
    rig.command(.clock, 0, 0)
    #expect(rig.session.sampleRate == 50)
  }

  @Test func answersTimesyncWithItsClock() {
    var rig = SessionRig()
    rig.pass(milliseconds: 123_456)
    rig.send(.timesync(Timesync(tc1: 0, ts1: 77, target: .plant)))
    #expect(rig.messages.timesyncs.map(\.tc1) == [123_456_000_000])
    #expect(rig.messages.timesyncs.map(\.ts1) == [77])
    #expect(rig.messages.timesyncs.first?.target == .controller)
    rig.send(.timesync(Timesync(tc1: 5, ts1: 77, target: .plant)))
    #expect(rig.messages.timesyncs.count == 1)
  }

  @Test func bytesMayComeInAnyPiecesAmongGarbage() {
    var rig = SessionRig()
    rig.take([1, 0xFD, 3, 0, 0, 0xFE])
    for byte in rig.frame(.commandLong(CommandLong(.armDisarm, 1, target: .plant))) {
      rig.take([byte])
    }
    // The false start of a frame may swallow what follows until enough bytes disprove it.
    rig.take([UInt8](repeating: 0, count: 300))
    #expect(rig.session.isArmed)
  }
}
