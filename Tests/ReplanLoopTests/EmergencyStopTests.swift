import PlantRig
import ReplanCore
import ReplanRecord
import ReplanWire
import Synchronization
import Testing

@testable import ReplanLoop

/// The emergency stop in whole episodes: the loop itself has the plant disarmed, and latches.
@Suite(.serialized) struct EmergencyStopTests {
  private final class Button: Sendable {
    private let isPressed = Atomic<Bool>(false)
    func press() { isPressed.store(true, ordering: .relaxed) }
    func release() { isPressed.store(false, ordering: .relaxed) }
    var request: @Sendable () -> Bool { { [self] in isPressed.load(ordering: .relaxed) } }
  }

  @Test(arguments: [
    (true, "next-tick"), (true, "immediate"), (false, "next-tick"), (false, "immediate"),
  ])
  func theLoopDisarmsThePlantAndLatches(isLockstep: Bool, output: String) throws {
    let rig = try EpisodeRig(lockstep: isLockstep, replacing: ["next-tick": output])
    let button = Button()
    let runner = rig.runner(rig.host(), isEmergencyRequested: button.request)
    runner.progress = { if $0.ticks >= 10 { button.press() } }
    let result = try runner.run(rig.exploration(ticks: 1_000_000))
    #expect(result.end == .emergencyStop && result.arming == .stopped)
    #expect(!result.isSuccess && result.isDisarmed && result.ticks >= 10)
    let episode = try EpisodeReader.read(result.path)
    #expect(episode.isComplete && episode.outcome?.reason == "emergency stop")
    let states = episode.ticks.map { ArmingState(rawValue: $0.state) }
    #expect(!states.dropLast().contains(.stopped))
    // Where it was pulled after the last tick's work, that tick is recorded as it was.
    #expect(states.last == .stopped || states.last??.isActive == true)
    // Nothing follows it but requests to disarm: the loop's own, then that of every episode's end.
    let seen = rig.rig.seen
    #expect(seen.disarms >= 2 && !seen.isArmed)
    #expect(seen.actions.last?.sequence == episode.actions.last?.sequence)
    #expect {
      try runner.run(rig.exploration(ticks: 5))
    } throws: {
      if case LoopError.latched = $0 { true } else { false }
    }
    button.release()
    runner.acknowledge()
    #expect(try runner.run(rig.exploration(ticks: 5)).end == .timeUp)
  }

  @Test func itOutweighsTheEndOfTheTime() throws {
    let rig = try EpisodeRig(lockstep: true)
    let runner = rig.runner(rig.host(), isEmergencyRequested: { true })
    let result = try runner.run(rig.exploration(ticks: 1))
    #expect(result.end == .emergencyStop && result.ticks == 1)
    #expect(rig.rig.seen.actions.isEmpty)
    #expect(try EpisodeReader.read(result.path).ticks.last?.state == ArmingState.stopped.rawValue)
  }
}
