import ReplanCore
import ReplanFaults
import ReplanHIL
import ReplanRobot
import Testing

@testable import ReplanScenarios

/// Scenario files are read whole, and every mistake is told with its line.
@Suite struct ScenarioFileTests {
  @Test func allKeysAreRead() throws {
    let scenario = try Examples.scenario()
    #expect(scenario.name == "example" && scenario.robot.name == "cart_pole")
    #expect(scenario.modelPath?.hasSuffix("hil/models/cart-pole.safetensors") == true)
    #expect(scenario.initial == .random(seed: 7) && scenario.duration == 5)
    #expect(scenario.plant == Scenario.Plant(seed: 3, noise: 2, actuationDelay: 1))
    #expect(scenario.faults.seed == 9)
    #expect(scenario.faults.faults.map(\.name) == ["sensor-frozen", "loss"])
    #expect(
      scenario.controllerFaults == [
        .recorderStall(at: 1, seconds: 0.5), .plannerLate(at: 2, seconds: 0.2),
      ])
    #expect(
      scenario.expectations == [
        .reachesTarget(within: 4), .fallback(withinMilliseconds: 60, of: 1),
        .recovers(within: 1, of: nil),
        .verdicts([
          ReplanScenarios.Expectation.Count(verdict: .stale, range: 1...10),
          ReplanScenarios.Expectation.Count(verdict: .notFinite, range: 0...0),
        ]), .ends(["time-up"]), .recording(.complete),
      ])
  }

  @Test func whatIsLeftOutHasDefaults() throws {
    let scenario = try Examples.scenario(
      """
      name: small
      robot: ../../robots/pendulum.yaml
      model: none
      duration: 1
      expect: [{actions_in_limits: true}]
      """)
    #expect(scenario.modelPath == nil && scenario.initial == .rest)
    #expect(scenario.plant == Scenario.Plant(seed: 1, noise: 1, actuationDelay: 0))
    #expect(scenario.faults.faults.isEmpty && scenario.controllerFaults.isEmpty)
    #expect(scenario.lockstepObstacle == nil && scenario.deviceObstacle == nil)
  }

  @Test func aFaultThatNeverActsIsRefusedUnlessTheFileSaysSo() throws {
    func demanded(_ entry: String) throws -> [ReplanScenarios.Expectation] {
      let text = Examples.text.replacing("ends: time-up", with: entry)
      return try Examples.scenario(text).allExpectations.filter(\.isAboutRefusals)
    }
    #expect(try demanded("ends: time-up") == [.faultsAct(of: nil, atLeast: 1)])
    #expect(
      try demanded("faults_act: {fault: loss, at_least: 20}") == [
        .faultsAct(of: "loss", atLeast: 20), .faultsAct(of: nil, atLeast: 1),
      ])
    #expect(try demanded("faults_act: {at_least: 0}") == [.faultsAct(of: nil, atLeast: 0)])
    #expect(try demanded("faults_act: {}") == [.faultsAct(of: nil, atLeast: 1)])
    let quiet = try Examples.scenario(
      """
      name: small
      robot: ../../robots/pendulum.yaml
      model: none
      duration: 1
      expect: [{actions_in_limits: true}]
      """)
    #expect(quiet.allExpectations == [.actionsInLimits])
  }

  @Test func faultsBeginAndEndForTheDefaults() throws {
    // The loss lasts from 0 on, so that only what is over counts for the end.
    let scenario = try Examples.scenario()
    #expect(scenario.firstBegin == 0 && scenario.lastEnd == 2.2)
  }

  @Test(
    arguments: [
      ("name: example", "name: Not a name", 1, "name"),
      ("description: One of everything.", "descripton: x", 2, "did you mean description"),
      ("cart-pole.yaml", "no-such.yaml", 3, "robot"),
      ("initial: {random: 7}", "initial: upright", 5, "initial"),
      ("initial: {random: 7}", "initial: {random: 0}", 5, "initial.random"),
      ("duration: 5", "duration: 0", 6, "duration"),
      ("noise: 2", "noise: -1", 7, "plant.noise"),
      ("actuation_delay: 1", "actuation_delay: 99", 7, "plant.actuation_delay"),
      ("sensor-frozen", "sensor-frosen", 10, "faults[0].fault"),
      ("probability: 0.2", "probability: 2", 11, "faults[1].probability"),
      ("recorder-stall", "recorder-stal", 13, "did you mean recorder-stall"),
      ("recorder-stall, at: 1", "recorder-stall, at: 6", 13, "below the scenario's duration"),
      ("recorder-stall", "planner-late", 14, "a second time"),
      ("recorder-stall, at: 1, for: 0.5", "cpu-hog, threads: 0, at: 1, for: 1", 13, "threads"),
      ("reaches_target: {within", "reaches_target: {by", 16, "unknown key"),
      ("within_ms: 60", "within_ms: sixty", 17, "within_ms"),
      ("of: 1.0", "of: 5.0", 17, "before the end"),
      ("recovers: {within: 1.0}", "recover: {within: 1.0}", 18, "did you mean recovers"),
      ("stale: {", "stales: {", 19, "did you mean stale"),
      ("at_least: 1,", "at_least: 11,", 19, "at_least, 11, or more"),
      ("ends: time-up", "ends: timeup", 20, "did you mean time-up"),
      ("ends: time-up", "ends_one_of: [silent, lost]", 20, "ends_one_of[1]"),
      ("ends: time-up", "no_overruns: false", 20, "leave the entry out"),
      ("recording: complete", "recording: some", 21, "complete, partial"),
      ("ends: time-up", "faults_act: {fault: los}", 20, "did you mean loss"),
      ("ends: time-up", "faults_act: {at_least: -1}", 20, "at_least"),
      ("recording: complete", "{recording: complete, ends: silent", 21, ""),
    ])
  func eachMistakeIsToldWithItsLine(
    old: String, new: String, line: Int, words: String
  ) throws {
    let text = Examples.text.replacing(old, with: new, maxReplacements: 1)
    #expect(text != Examples.text)
    let error = try #require(throws: RobotError.self) { try Examples.scenario(text) }
    #expect(
      error.faults.contains { $0.line == line && $0.description.contains(words) },
      "\(error)")
  }

  @Test func allMistakesAreToldAtOnce() throws {
    let text = Examples.text.replacing("duration: 5", with: "duration: x")
      .replacing("sensor-frozen", with: "frost").replacing("ends: time-up", with: "ends: never")
    let error = try #require(throws: RobotError.self) { try Examples.scenario(text) }
    #expect(Set(error.faults.map(\.line)).isSuperset(of: [6, 10, 20]))
  }

  @Test func theRobotFilesOwnMistakesAreTold() throws {
    let folder = try TestFolder()
    try folder.write("name: x\nrate: 0\n", "robot.yaml")
    try folder.write(
      Examples.text.replacing("../../robots/cart-pole.yaml", with: "robot.yaml"), "s.yaml")
    let error = try #require(throws: RobotError.self) {
      try Scenario.load(path: folder.file("s.yaml"))
    }
    #expect(error.faults.contains { $0.file.hasSuffix("robot.yaml") && $0.line == 2 })
  }

  @Test func anExpectationThatCannotFailIsASlip() throws {
    let text = """
      name: small
      robot: ../../robots/pendulum.yaml
      model: none
      duration: 1
      expect: [{stays_in_envelope: true}]
      """
    let error = try #require(throws: RobotError.self) { try Examples.scenario(text) }
    #expect(error.description.contains("pendulum has none"))
  }

  @Test func whatNeedsRealTimeIsKnown() throws {
    func obstacle(_ old: String, _ new: String) throws -> String? {
      try Examples.scenario(Examples.text.replacing(old, with: new)).lockstepObstacle
    }
    #expect(try Examples.scenario().lockstepObstacle == nil)
    #expect(
      try obstacle("loss, probability: 0.2", "stall, at: 1, for: 0.1")?.contains("stall") == true)
    #expect(try obstacle("recorder-stall", "cpu-hog")?.contains("cpu-hog") == true)
    #expect(try obstacle("ends: time-up", "no_overruns: true")?.contains("no_overruns") == true)
    #expect(try obstacle("seed: 9", "needs_real_time: a reason") == "a reason")
  }

  @Test func whatNeedsASimulatedPlantIsKnown() throws {
    #expect(try Examples.scenario().deviceObstacle == nil)
    let reset = Examples.text.replacing("loss, probability: 0.2", with: "plant-reset, at: 1")
    #expect(try Examples.scenario(reset).deviceObstacle?.contains("plant-reset") == true)
  }
}
