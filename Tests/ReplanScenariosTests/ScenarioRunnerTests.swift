import Foundation
import ReplanHIL
import ReplanLoop
import Testing

@testable import ReplanScenarios

/// What is skipped, refused or cannot be run, without any plant.
@Suite struct ScenarioRunnerTests {
  private func run(
    _ text: String, place: ScenarioRunner.Place = .robot, isLockstep: Bool = true,
    isStopRequested: @escaping @Sendable () -> Bool = { false },
    error: any Error & Sendable = HILError.silent(path: "port", seconds: 5)
  ) async throws -> ScenarioResult {
    let folder = try TestFolder()
    let options = ScenarioRunner.Options(
      place: place, loop: LoopOptions(isLockstep: isLockstep, priority: nil),
      keepPath: folder.file("kept"), build: "test",
      isStopRequested: isStopRequested, isEmergencyRequested: { false })
    let runner = ScenarioRunner(options: options, connect: { _, _ in throw error })
    return await runner.run(try Examples.scenario(text))
  }

  private func text(_ expect: String, model: String = "none", faults: String = "") -> String {
    """
    name: small
    robot: ../../robots/cart-pole.yaml
    model: \(model)
    duration: 1
    \(faults)
    expect: [\(expect)]
    """
  }

  @Test func aPlantThatIsNotReachedIsAnError() async throws {
    let result = try await run(text("{actions_in_limits: true}"))
    guard case .error(let obstacle) = result.outcome else {
      Issue.record("\(result)")
      return
    }
    #expect(obstacle.kind == .plantNotReached && obstacle.description.contains("port"))
    #expect(result.judgements.isEmpty && result.kept == nil)
  }

  @Test func unlessItIsExpected() async throws {
    let met = try await run(text("{error: {contains: nothing heard}}, {ends: refused}"))
    #expect(met.outcome == .passed && met.judgements.count == 2)
    let other = try await run(text("{error: {contains: some other words}}"))
    #expect(other.outcome == .failed && other.failures.count == 1)
  }

  @Test func aModelThatIsNotThereIsABadFile() async throws {
    let result = try await run(text("{ends: time-up}", model: "no-such.safetensors"))
    guard case .error(let obstacle) = result.outcome else {
      Issue.record("\(result)")
      return
    }
    #expect(obstacle.kind == .badFile && obstacle.description.contains("no-such.safetensors"))
  }

  @Test func modelFaultsAreMadeOnACopy() async throws {
    let model = Examples.root + "/hil/models/cart-pole.safetensors"
    let before = try Data(contentsOf: URL(filePath: model))
    for fault in ["model-missing", "model-corrupt"] {
      let result = try await run(
        text(
          "{error: {contains: cart-pole.safetensors}}", model: model,
          faults: "controller_faults: [{fault: \(fault)}]"))
      #expect(result.outcome == .passed, "\(result)")
    }
    // Without the fault it is the plant that is missing.
    let sound = try await run(text("{error: {contains: nothing heard}}", model: model))
    #expect(sound.outcome == .passed)
    #expect(try Data(contentsOf: URL(filePath: model)) == before)
  }

  @Test func whatMeansNothingIsSkipped() async throws {
    let lockstep = try await run(text("{no_overruns: true}"))
    #expect(lockstep.outcome == .skipped("no_overruns needs real time"))
    let reset = text("{ends: silent}", faults: "faults: [{fault: plant-reset, at: 0.5}]")
    let device = try await run(reset, place: .device("port"))
    #expect(device.outcome == .skipped("only a simulated plant can have plant-reset"))
    let stopped = try await run(text("{ends: silent}"), isStopRequested: { true })
    #expect(stopped.outcome == .skipped("stopped before it began"))
  }

  @Test func aChannelThatThePlantHasNotIsABadFile() async throws {
    let faults = "faults: [{fault: sensor-frozen, channel: elbow}]"
    let result = try await run(text("{ends: silent}", faults: faults))
    guard case .error(let obstacle) = result.outcome else {
      Issue.record("\(result)")
      return
    }
    #expect(obstacle.kind == .badFile && obstacle.description.contains("elbow"))
  }

  @Test func failuresAreKeptSideBySide() async throws {
    let folder = try TestFolder()
    let options = ScenarioRunner.Options(
      loop: LoopOptions(isLockstep: true, priority: nil), keepPath: folder.file("kept"),
      build: "test", isStopRequested: { false }, isEmergencyRequested: { false })
    let runner = ScenarioRunner(
      options: options, connect: { _, _ in throw HILError.silent(path: "port", seconds: 5) })
    let scenario = try Examples.scenario(text("{error: {contains: other words}}"))
    let kept = [await runner.run(scenario).kept, await runner.run(scenario).kept]
    #expect(kept == [folder.file("kept/small"), folder.file("kept/small-2")])
    for path in kept.compactMap({ $0 }) {
      let names = try FileManager.default.contentsOfDirectory(atPath: path)
      #expect(names.contains("scenario.yaml") && names.contains("robot.yaml"))
    }
  }
}
