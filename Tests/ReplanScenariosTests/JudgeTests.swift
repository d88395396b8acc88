import ReplanCore
import ReplanRobot
import Testing

@testable import ReplanScenarios

/// Each expectation on recordings that meet it and on such that do not.
@Suite struct JudgeTests {
  let robot: RobotDescription

  init() throws { robot = try Examples.cartPole() }

  private func holds(
    _ expectation: ReplanScenarios.Expectation, firstBegin: Double = 0, lastEnd: Double = 0,
    _ change: (inout Recording) -> Void = { _ in }
  ) -> Bool {
    var recording = Examples.recording()
    change(&recording)
    let judge = Judge(robot: robot, firstBegin: firstBegin, lastEnd: lastEnd)
    let judgement = judge.judge(expectation, recording)
    #expect(!judgement.what.isEmpty && !judgement.measured.isEmpty)
    return judgement.ok
  }

  /// Hangs until `time`, with the pole that the plant knows of.
  private func hanging(until time: Double) -> (inout Recording) -> Void {
    { recording in
      for i in recording.samples(0, time) { recording.plant![i].state[2] = 3 }
    }
  }

  @Test func reachesTarget() {
    // Upright from 0.5 s on, for the hold time of 1 s.
    #expect(holds(.reachesTarget(within: 1.5), hanging(until: 0.5)))
    #expect(!holds(.reachesTarget(within: 1.46), hanging(until: 0.5)))
    #expect(!holds(.reachesTarget(within: 1.9), hanging(until: 1.2)))
    #expect(
      !holds(.reachesTarget(within: 1.9)) { recording in
        // Near, but never for long enough.
        for i in stride(from: 0, to: 100, by: 20) { recording.plant![i].state[2] = 1 }
      })
  }

  @Test func aFullTurnIsUprightToo() {
    #expect(
      holds(.holdsTarget(from: 0)) { recording in
        for i in 0..<100 { recording.plant![i].state[2] = 2 * .pi }
      })
  }

  @Test func aRealPlantIsJudgedByItsObservations() {
    #expect(holds(.holdsTarget(from: 0)) { $0.plant = nil })
    #expect(
      !holds(.holdsTarget(from: 0)) { recording in
        recording.plant = nil
        recording.observations[50].values[2] = 1
      })
  }

  @Test func holdsTarget() {
    #expect(holds(.holdsTarget(from: 0.5), hanging(until: 0.5)))
    #expect(!holds(.holdsTarget(from: 0.4), hanging(until: 0.5)))
    // An episode that ended before is no success.
    #expect(!holds(.holdsTarget(from: 1.5)) { $0.plant!.removeLast(50) })
  }

  @Test func staysInEnvelope() {
    #expect(holds(.staysInEnvelope) { $0.plant![30].state[0] = -2.4 })
    #expect(!holds(.staysInEnvelope) { $0.plant![30].state[0] = 2.5 })
    #expect(!holds(.staysInEnvelope) { $0.plant![30].state[0] = .nan })
    // Disarmed it may be pushed anywhere.
    #expect(
      holds(.staysInEnvelope) { recording in
        recording.plant![99].state[0] = 3
        recording.plant![99].isArmed = false
      })
    #expect(!holds(.staysInEnvelope) { $0.plant = [] })
  }

  @Test func fallback() {
    let late: (inout Recording) -> Void = { $0.ticks[53].verdict = .stale }
    #expect(holds(.fallback(withinMilliseconds: 60, of: 1), late))
    #expect(!holds(.fallback(withinMilliseconds: 40, of: 1), late))
    #expect(!holds(.fallback(withinMilliseconds: 60, of: 1)))
    // Bridging is no fallback, and neither is one that came before.
    #expect(!holds(.fallback(withinMilliseconds: 60, of: 1)) { $0.ticks[51].verdict = .bridged })
    #expect(!holds(.fallback(withinMilliseconds: 60, of: 1)) { $0.ticks[49].verdict = .stale })
    #expect(holds(.fallback(withinMilliseconds: 60, of: nil), firstBegin: 1, late))
    #expect(!holds(.fallback(withinMilliseconds: 60, of: nil), firstBegin: 0.5, late))
  }

  @Test func recovers() {
    let lapse: (inout Recording) -> Void = { recording in
      for i in 50..<60 { recording.ticks[i].verdict = .noPlan }
    }
    #expect(holds(.recovers(within: 0.2, of: 1), lapse))
    #expect(!holds(.recovers(within: 0.1, of: 1), lapse))
    #expect(holds(.recovers(within: 0.2, of: nil), lastEnd: 1, lapse))
    #expect(!holds(.recovers(within: 0.2, of: nil), lastEnd: 0.5, lapse))
    // Once more is too often, and an episode that ended has not recovered.
    #expect(
      !holds(.recovers(within: 0.2, of: 1)) { recording in
        lapse(&recording)
        recording.ticks[90].verdict = .shifted
      })
    #expect(!holds(.recovers(within: 0.2, of: 1)) { $0.ticks.removeLast(45) })
  }

  @Test func noOverruns() {
    #expect(holds(.noOverruns))
    #expect(!holds(.noOverruns) { $0.ticks[7].isOverrun = true })
    #expect(!holds(.noOverruns) { $0.ticks = [] })
  }

  @Test func plantSafe() {
    let expectation = ReplanScenarios.Expectation.plantSafe(withinMilliseconds: 100, of: 1)
    func starved(from index: Int, applied: Double = 0) -> (inout Recording) -> Void {
      { recording in
        for i in index..<100 {
          recording.plant![i].isStarved = true
          recording.plant![i].applied = [applied]
        }
      }
    }
    #expect(holds(expectation, starved(from: 55)))
    #expect(!holds(expectation, starved(from: 56)))
    #expect(!holds(expectation, starved(from: 55, applied: 1)))
    #expect(
      !holds(expectation) { recording in
        // By chance the safe action, but on the controller's command.
        for i in 50..<100 { recording.plant![i].applied = [0] }
      })
    #expect(
      holds(expectation) { recording in
        recording.plant![52].isArmed = false
        recording.plant![52].applied = [0]
      })
    #expect(
      holds(expectation) { recording in
        recording.plant = nil
        recording.observations[53].isStarved = true
      })
    #expect(!holds(expectation) { $0.plant = nil })
  }

  @Test func ends() {
    #expect(holds(.ends(["time-up"])))
    #expect(!holds(.ends(["silent"])))
    #expect(holds(.ends(["silent", "time-up"])) && !holds(.ends(["silent", "disarmed"])))
  }

  @Test func verdicts() {
    let counts = ReplanScenarios.Expectation.verdicts([
      ReplanScenarios.Expectation.Count(verdict: .stale, range: 2...3),
      ReplanScenarios.Expectation.Count(verdict: .noPlan, range: 0...0),
    ])
    func stale(_ count: Int) -> (inout Recording) -> Void {
      { recording in for i in 0..<count { recording.ticks[i].verdict = .stale } }
    }
    #expect(holds(counts, stale(2)) && holds(counts, stale(3)))
    #expect(!holds(counts, stale(1)) && !holds(counts, stale(4)))
    #expect(
      !holds(counts) { recording in
        stale(2)(&recording)
        recording.ticks[50].verdict = .noPlan
      })
  }

  @Test func actionsInLimits() throws {
    #expect(holds(.actionsInLimits) { $0.actions[3].values = [10] })
    #expect(!holds(.actionsInLimits) { $0.actions[3].values = [10.01] })
    #expect(!holds(.actionsInLimits) { $0.actions[3].values = [.nan] })
    #expect(!holds(.actionsInLimits) { $0.plant![3].applied = [-10.5] })
    #expect(!holds(.actionsInLimits) { $0.actions = [] })
  }

  @Test func slewIsPartOfTheLimits() throws {
    let text = robot.source.replacing("max: 10, safe: 0", with: "max: 10, slew: 50, safe: 0")
    let slewing = try RobotDescription.parse(text: text, file: "robot.yaml")
    func ok(_ change: (inout Recording) -> Void) -> Bool {
      var recording = Examples.recording()
      change(&recording)
      return Judge(robot: slewing).judge(.actionsInLimits, recording).ok
    }
    // 50 N/s are 1 N a tick.
    #expect(ok { $0.actions[3].values = [1] })
    #expect(!ok { $0.actions[3].values = [1.1] })
    // The first action follows the safe one.
    #expect(!ok { $0.actions[0].values = [1.1] })
    // A tick without an action on the line counts.
    #expect(
      ok { recording in
        recording.actions.removeSubrange(4..<100)
        recording.actions[3].tick = 4
        recording.actions[3].values = [2]
      })
  }

  @Test func refusals() {
    let refused: (inout Recording) -> Void = { recording in
      recording.refusal = "no model"
      recording.end = Word.refused
    }
    #expect(holds(.error(contains: "model"), refused))
    #expect(!holds(.error(contains: "plant"), refused))
    #expect(!holds(.error(contains: "model")))
    #expect(holds(.ends(["refused"]), refused))
    // What was never run has kept nothing.
    #expect(!holds(.actionsInLimits, refused) && !holds(.recording(.complete), refused))
  }

  @Test func faultsAct() {
    func counted(_ faults: [(String, Int)]) -> (inout Recording) -> Void {
      { $0.faults = faults.map { Recording.Fault(name: $0.0, acted: $0.1) } }
    }
    let both = counted([("loss", 12), ("sensor-frozen", 1), ("loss", 9)])
    #expect(holds(.faultsAct(of: nil, atLeast: 1), both))
    #expect(!holds(.faultsAct(of: nil, atLeast: 2), both))
    #expect(holds(.faultsAct(of: "loss", atLeast: 21), both))
    #expect(!holds(.faultsAct(of: "loss", atLeast: 22), both))
    #expect(!holds(.faultsAct(of: nil, atLeast: 1), counted([("loss", 12), ("stall", 0)])))
    // Where there is none, none has acted.
    #expect(!holds(.faultsAct(of: "stall", atLeast: 1), both))
    #expect(!holds(.faultsAct(of: nil, atLeast: 1)) && holds(.faultsAct(of: nil, atLeast: 0)))
    // That of a model file keeps the run from being run.
    #expect(
      holds(.faultsAct(of: nil, atLeast: 1)) { recording in
        recording.refusal = "no model"
        counted([("model-missing", 1)])(&recording)
      })
  }

  @Test func recording() {
    let cut: (inout Recording) -> Void = { recording in
      recording.isComplete = false
      recording.loss = "12 records lost"
    }
    #expect(holds(.recording(.complete)) && !holds(.recording(.partial)))
    #expect(holds(.recording(.partial), cut) && !holds(.recording(.complete), cut))
    // Nothing at all is not partial.
    #expect(
      !holds(.recording(.partial)) { recording in
        cut(&recording)
        recording.ticks = []
      })
  }
}
