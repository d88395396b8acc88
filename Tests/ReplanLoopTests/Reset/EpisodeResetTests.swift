import PlantRig
import ReplanCore
import ReplanHIL
import ReplanRecord
import ReplanRobot
import ReplanWire
import Synchronization
import Testing

@testable import ReplanLoop

/// How a plant comes to its initial state where it cannot do that itself.
@Suite(.serialized) struct EpisodeResetTests {
  private func rig(_ ways: String, resets: Bool, lockstep: Bool = true) throws -> EpisodeRig {
    try EpisodeRig(
      lockstep: lockstep,
      replacing: ["  reset: rest": "  reset: rest\n  reset_by: \(ways)\n  reset_timeout: 7"],
      resets: resets)
  }

  /// Notes what it was asked.
  private final class Operator: Sendable {
    let asked = Mutex<[String]>([])
    let seconds = Mutex(0.0)
    let answer: OperatorAnswer

    init(_ answer: OperatorAnswer) { self.answer = answer }

    var prompt: OperatorPrompt {
      { request, seconds, _ in
        self.asked.withLock { $0.append(request) }
        self.seconds.withLock { $0 = seconds }
        return self.answer
      }
    }
  }

  @Test func aPlantThatResetsItselfAsksNobody() throws {
    let rig = try rig("[plant, operator]", resets: true)
    let runner = rig.runner(rig.host())
    let person = Operator(.done)
    runner.prompt = person.prompt
    #expect(try runner.run(rig.exploration(ticks: 10)).end == .timeUp)
    #expect(person.asked.withLock(\.self).isEmpty && rig.rig.seen.resets.count == 1)
  }

  @Test(arguments: [true, false])
  func whereThePlantRefusesTheOperatorIsAsked(lockstep: Bool) throws {
    let rig = try rig("[plant, operator]", resets: false, lockstep: lockstep)
    let runner = rig.runner(rig.host())
    let person = Operator(.done)
    runner.prompt = person.prompt
    for episode in 1...2 {
      let result = try runner.run(rig.exploration(ticks: 20))
      // On a clock of its own a busy host may miss ticks.
      #expect(result.end == .timeUp && (lockstep ? 20...20 : 8...20).contains(result.ticks))
      #expect(result.transitions.count >= (lockstep ? 18 : 6))
      #expect(person.asked.withLock(\.self).count == episode)
    }
    #expect(person.asked.withLock(\.self)[0].contains("to rest"))
    #expect(person.seconds.withLock(\.self) == 7)
    // Each action has a number of its own, also that which asks for the first sample.
    let numbers = rig.rig.seen.actions.map(\.sequence)
    #expect(numbers == numbers.sorted() && !rig.rig.seen.isArmed)
  }

  @Test func theOperatorAloneNeedsNoCommand() throws {
    let rig = try rig("[operator]", resets: true)
    let runner = rig.runner(rig.host())
    runner.prompt = Operator(.done).prompt
    #expect(try runner.run(rig.exploration(ticks: 10)).end == .timeUp)
    #expect(rig.rig.seen.resets.isEmpty)
  }

  @Test func whereEveryWayIsRefusedNothingIsArmed() throws {
    for (ways, answer) in [("[plant]", OperatorAnswer.done), ("[plant, operator]", .refused)] {
      let rig = try rig(ways, resets: false)
      let runner = rig.runner(rig.host())
      runner.prompt = Operator(answer).prompt
      #expect {
        try runner.run(rig.exploration(ticks: 10))
      } throws: { error in
        guard case LoopError.noReset(_, let tried) = error else { return false }
        return "[\(tried.joined(separator: ", "))]" == ways && "\(error)".contains("reset_by")
          && "\(error)".contains("the operator says") == (answer == .refused)
      }
      #expect(rig.rig.armedSamples.isEmpty && !rig.rig.seen.isArmed)
    }
  }

  /// The cart has no spring: a feedback of position and velocity brings it home.
  private func settlingRig(lockstep: Bool) throws -> EpisodeRig {
    let episode = """
        reset: rest
        reset_by: [controller]
        reset_timeout: 20
        reset_feedback:
          - {action: force, channel: x, gain: -20, target: 0.3}
          - {action: force, channel: v, gain: -10}
        at_rest:
          - {channel: x, within: 0.05, of: 0.3}
          - {channel: v, within: 0.1}
        rest_hold: 0.2
      """
    return try EpisodeRig(
      lockstep: lockstep, replacing: ["  reset: rest": episode], resets: false)
  }

  @Test(arguments: [true, false])
  func theControllerBringsThePlantToRest(lockstep: Bool) throws {
    let rig = try settlingRig(lockstep: lockstep)
    let runner = rig.runner(rig.host())
    let result = try runner.run(EpisodeOptions(settling: 2000))
    #expect(result.end == .atRest && result.kind == .reset && !result.isSuccess)
    #expect(result.ticks > 20 && (result.fallbacks == 0 || !lockstep))
    let last = try #require(result.transitions.states.suffix(4).first)
    #expect(abs(last - 0.3) < 0.06)
    // What follows begins there, armed anew.
    var episode = rig.exploration(ticks: 10)
    episode.isInPlace = true
    let next = try runner.run(episode)
    #expect(next.end == .timeUp && abs(next.transitions.states[0] - 0.3) < 0.1)
    #expect(rig.rig.seen.resets.isEmpty && !rig.rig.seen.isArmed)
    // The record says what it was, and computes to the same.
    let path = result.path
    let recorded = try EpisodeReader.read(path)
    #expect(recorded.header.control?.isSettling == true && recorded.header.kind == "reset")
    #expect(try Replay(recorded, path: path).compare().isExact)
  }

  @Test func aControllerThatDoesNotGetThereLeavesItToNobody() throws {
    let rig = try settlingRig(lockstep: true)
    let runner = rig.runner(rig.host())
    #expect(try runner.run(EpisodeOptions(settling: 5)).end == .timeUp)
    #expect {
      try runner.run(rig.exploration(ticks: 10))
    } throws: { error in
      "\(error)".contains("the controller has not brought the plant to rest")
        && "\(error)".contains("reset_by")
    }
    #expect(!rig.rig.seen.isArmed)
  }

  @Test func anAnswerThatDoesNotComeEndsTheRun() throws {
    let rig = try rig("[operator]", resets: false)
    let runner = rig.runner(rig.host())
    runner.prompt = Operator(.unanswered).prompt
    #expect {
      try runner.run(rig.exploration(ticks: 10))
    } throws: {
      if case LoopError.operatorSilent(seconds: 7) = $0 { "\($0)".contains("7.0 s") } else { false }
    }
    runner.prompt = Operator(.gone).prompt
    #expect {
      try runner.run(rig.exploration(ticks: 10))
    } throws: {
      if case LoopError.operatorSilent(seconds: nil) = $0 { true } else { false }
    }
    #expect(!rig.rig.seen.isArmed)
    rig.stop.set()
    for answer in [OperatorAnswer.unanswered, .gone] {
      runner.prompt = Operator(answer).prompt
      #expect {
        try runner.run(rig.exploration(ticks: 10))
      } throws: {
        if case LoopError.plant(.stopped) = $0 { true } else { false }
      }
    }
  }
}
