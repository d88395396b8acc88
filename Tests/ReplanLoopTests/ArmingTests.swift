import Glibc
import PlantRig
import ReplanCore
import ReplanRealtime
import ReplanRecord
import ReplanRobot
import Synchronization
import Testing

@testable import ReplanLoop

/// The arming state in whole episodes: when the fallback becomes a stop, and what is said of it.
@Suite(.serialized) struct ArmingTests {
  /// The pole hangs at π, outside of this envelope.
  private func outside(stopAfter: Double, lockstep: Bool = true) throws -> EpisodeRig {
    try EpisodeRig(
      lockstep: lockstep,
      replacing: [
        "link: {simulator": "envelope: {angle: [-1, 1]}\n"
          + "guard: {stop_after: \(stopAfter)}\nlink: {simulator"
      ])
  }

  @Test func aFallbackThatLastsTooLongStopsForGood() throws {
    let rig = try outside(stopAfter: 0.1)
    let result = try rig.runner(rig.host()).run(rig.exploration(ticks: 60))
    #expect(result.end == .guardStopped && result.arming == .stopped)
    // 10 ticks are tolerated, the eleventh is not.
    #expect(result.ticks == 11 && result.fallbacks == 11)
    #expect(result.ladder.steps == [Ladder.Step(tick: 0, verdict: .outsideEnvelope)])
    #expect(!result.isSuccess && result.isDisarmed && !rig.rig.seen.isArmed)
    let states = try EpisodeReader.read(result.path).ticks.map { ArmingState(rawValue: $0.state) }
    #expect(states.dropLast().allSatisfy { $0 == .fallback } && states.last == .stopped)
  }

  @Test func aStopIsLatchedUntilItIsAcknowledged() throws {
    let rig = try outside(stopAfter: 0.1)
    let runner = rig.runner(rig.host())
    #expect(try runner.run(rig.exploration(ticks: 60)).arming == .stopped)
    #expect {
      try runner.run(rig.exploration(ticks: 60))
    } throws: {
      if case LoopError.latched = $0 { true } else { false }
    }
    runner.acknowledge()
    #expect(try runner.run(rig.exploration(ticks: 5)).end == .timeUp)
  }

  @Test func aBoundThatTheModelSaysNothingOfIsRefused() throws {
    let rig = try EpisodeRig(
      lockstep: true, replacing: ["link: {simulator": "guard: {gate: 2}\nlink: {simulator"])
    let host = rig.host()
    host.adopt(ModelBlock(EnsembleModel.random(rig.robot, seed: 3)))
    #expect {
      try rig.runner(host).run(
        EpisodeOptions(kind: .mpc, mode: .plan, maximumTicks: 10, keepsToKnown: true))
    } throws: {
      if case LoopError.gateUnavailable = $0 { true } else { false }
    }
  }

  @Test func aShorterOneDoesNot() throws {
    let rig = try outside(stopAfter: 5)
    let result = try rig.runner(rig.host()).run(rig.exploration(ticks: 60))
    #expect(result.end == .timeUp && result.arming == .disarmed && result.fallbacks == 60)
  }

  @Test func anOverrunStopsWhereTheRobotFileSaysSo() throws {
    for (policy, end) in [("stop", LoopEnd.overrun), ("skip", .timeUp)] {
      let rig = try EpisodeRig(
        lockstep: false, rate: 50,
        replacing: ["link: {simulator": "guard: {overrun: \(policy)}\nlink: {simulator"])
      let asked = Counter()
      // Asked once a tick on the control thread: the tenth time takes two periods.
      let runner = rig.runner(rig.host()) {
        if asked.next() == 10 { usleep(45_000) }
        return false
      }
      let result = try runner.run(rig.exploration(ticks: 30))
      #expect(result.end == end && result.overruns > 0)
      #expect(result.arming == (policy == "stop" ? .stopped : .disarmed))
    }
  }

  @Test func theWayOfAnActionToThePlantAndBackIsMeasured() throws {
    let result = try undisturbed { () throws -> EpisodeResult in
      let rig = try EpisodeRig(lockstep: false, rate: 50)
      let result = try rig.runner(rig.host()).run(rig.exploration(ticks: 40))
      let ticks = try EpisodeReader.read(result.path).ticks
      #expect(
        ticks.filter { !$0.transportMicroseconds.isNaN }.count == result.transport.count)
      return result
    } isSound: {
      $0.transport.count > 20 && (5_000...25_000).contains($0.transport.p50)
    }
    #expect(result.transport.count > 20)
    // An action is sent shortly after a sample and named by the next.
    #expect((5_000...25_000).contains(result.transport.p50))
  }

  @Test func aFallbackThatCannotWorkIsRefusedBeforeArming() throws {
    let rig = try EpisodeRig(
      lockstep: true,
      replacing: ["link: {simulator": "guard: {fallback: lqr}\nlink: {simulator"])
    let host = rig.host()
    var model = EnsembleModel.random(rig.robot, seed: 3)
    for layer in model.layers.indices { model.layers[layer].bias[0] = .nan }
    host.adopt(ModelBlock(model))
    #expect {
      try rig.runner(host).run(EpisodeOptions(kind: .mpc, mode: .plan, maximumTicks: 10))
    } throws: {
      if case LoopError.fallbackUnavailable = $0 { true } else { false }
    }
    #expect(rig.rig.armedSamples.isEmpty)
  }

  /// Random weights agree nowhere: with a bound of next to nothing no plan is executed.
  @Test func whatIsNotKnownIsLeftAloneIfAsked() throws {
    for (keeps, bound, verdict) in [
      (true, Float(1e-9), Verdict.unknown), (false, 1e-9, .planned), (true, 1e9, .planned),
    ] {
      let rig = try EpisodeRig(
        lockstep: true, replacing: ["link: {simulator": "guard: {gate: 2}\nlink: {simulator"])
      let host = rig.host()
      var model = EnsembleModel.random(rig.robot, seed: 3)
      model.training.disagreement = DisagreementQuantile(
        quantile: 0.99, value: bound, transitions: 9)
      host.adopt(ModelBlock(model))
      let result = try rig.runner(host).run(
        EpisodeOptions(kind: .mpc, mode: .plan, maximumTicks: 20, keepsToKnown: keeps))
      #expect(result.ladder.counts == [verdict: 20])
    }
  }

  @Test func aRehearsalLeavesNoTrace() throws {
    let rig = try EpisodeRig(lockstep: true)
    let block = ModelBlock(EnsembleModel.random(rig.robot, seed: 3))
    func decisions(rehearsed: Bool) -> [UInt32] {
      let host = rig.host()
      host.adopt(block)
      if rehearsed { host.rehearse() }
      host.controller.pointee.begin(episode: 1, mode: .plan)
      return (0..<10).map { tick in
        var values = StateVector(repeating: 0.1)
        values[2] = 3 - 0.1 * Float(tick)
        return host.controller.pointee.tick(
          Observation(values: values, tick: tick), tick: tick, mayContinue: { _ in true }
        ).action[0].bitPattern
      }
    }
    #expect(decisions(rehearsed: true) == decisions(rehearsed: false))
  }
}

private final class Counter: Sendable {
  private let count = Atomic<Int>(0)
  func next() -> Int { count.add(1, ordering: .relaxed).newValue }
}
