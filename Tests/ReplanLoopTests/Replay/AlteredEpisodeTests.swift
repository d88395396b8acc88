import Foundation
import PlantRig
import ReplanCore
import ReplanRecord
import ReplanRobot
import Testing

@testable import ReplanLoop

/// What was changed after it was recorded does not pass, with checksums made right again.
@Suite struct AlteredEpisodeTests {
  /// A rig whose workspace has stored the model that its episodes are run with.
  private func stored() throws -> (rig: EpisodeRig, model: EnsembleModel, host: ControllerHost) {
    let rig = try EpisodeRig.planning(
      "{kind: cem, horizon: 0.1, iterations: 2, candidates: 24}")
    let model = EnsembleModel.random(rig.robot, seed: 7)
    let host = rig.host()
    host.adopt(ModelBlock(model, hash: try rig.workspace.store(.ensemble(model)).hash))
    return (rig, model, host)
  }

  @Test func oneBitOfOneObservationIsFound() throws {
    let (rig, _, host) = try stored()
    let (episode, path) = try rig.record(rig.runner(host))
    #expect(episode.header.control?.model == .file)
    #expect(try Replay.report((episode, path)).isExact)
    for (tick, channel, name) in [(0, 0, "x"), (17, 2, "angle"), (44, 3, "w")] {
      let altered = try episode.altered(at: path) { episode in
        let value = episode.observations[tick].values[channel]
        episode.observations[tick].values[channel] = Float(bitPattern: value.bitPattern ^ 1)
      }
      let report = try Replay.report(altered)
      let first = try #require(report.first)
      #expect(first.tick == tick && first.field == "state.\(name)")
      #expect(first.recorded.bits == first.recomputed.bits ^ 1)
      #expect(report.differentTicks >= 1)
    }
  }

  /// What no tick computes with is told by the checksum.
  @Test func whatNoTickUsesIsFoundToo() throws {
    let (rig, _, host) = try stored()
    let (episode, path) = try rig.record(rig.runner(host), ticks: 20)
    let changes: [(inout ObservationRecord) -> Void] = [
      { $0.plantTime += 1 }, { $0.flags ^= 2 }, { $0.cost = 3 }, { $0.actionSequence += 1 },
    ]
    for change in changes {
      let altered = try episode.altered(at: path) { change(&$0.observations[9]) }
      let first = try #require(try Replay.report(altered).first)
      #expect(first.tick == 9 && first.field == "observations")
    }
  }

  @Test func everyRecordedResultIsCompared() throws {
    let (rig, _, host) = try stored()
    let (episode, path) = try rig.record(rig.runner(host), ticks: 20)
    let changes: [(String, (inout Episode) -> Void)] = [
      ("state.v", { $0.states[12].values[1] += 1 }),
      ("verdict", { $0.ticks[12].verdict = Verdict.bridged.rawValue }),
      ("iterations", { $0.ticks[12].iterations += 1 }),
      ("plan_cost", { $0.ticks[12].planCost.negate() }),
      ("disagreement", { $0.ticks[12].disagreement = .nan }),
      ("known_ticks", { $0.ticks[12].knownTicks -= 1 }),
      ("decision.force", { $0.decisions[12].values[0] -= 1 }),
      ("action.force", { $0.actions[12].values[0] -= 1 }),
      ("action.tick", { $0.actions[12].tick += 1 }),
      ("action.flags", { $0.actions[12].flags ^= 1 }),
    ]
    for (field, change) in changes {
      let first = try #require(try Replay.report(episode.altered(at: path, change)).first)
      #expect(first.tick == 12 && first.field == field)
    }
  }

  @Test func aSeedOrAGateThatWasChangedIsFound() throws {
    let (rig, _, host) = try stored()
    let (episode, path) = try rig.record(rig.runner(host))
    for change in [
      { $0.header.seed += 1 }, { $0.header.index += 1 }, { $0.header.control?.gate = 1e-9 },
      { $0.header.control?.basePolicy = .safe },
      {
        $0.header.robotText = $0.header.robotText.replacing("iterations: 2", with: "iterations: 3")
      },
    ] as [(inout Episode) -> Void] {
      #expect(try !Replay.report(episode.altered(at: path, change)).isExact)
    }
  }

  @Test func anAlteredModelFileIsNotTaken() throws {
    var (rig, model, host) = try stored()
    let (episode, path) = try rig.record(rig.runner(host))
    let file = try #require(try rig.workspace.models().first).path
    let original = try ModelFile.bytes(file)
    // Its own hash is made right again by writing it anew.
    model.layers[0].weight[5] = model.layers[0].weight[5].nextUp
    try ModelFile.write(model, to: file)
    #expect(throws: Never.self) { try ModelFile.read(file) }
    func obstacle(_ modelPath: String? = nil) -> LoopError? {
      do throws(LoopError) {
        _ = try Replay(episode, path: path, modelPath: modelPath)
        return nil
      } catch {
        return error
      }
    }
    guard case .modelUnavailable(_, let reason)? = obstacle() else {
      Issue.record("the altered file was taken")
      return
    }
    #expect(reason.contains("altered") && reason.contains(episode.header.modelHash.prefix(12)))
    guard case .modelUnavailable(file, _)? = obstacle(file) else {
      Issue.record("the altered file was taken")
      return
    }
    // The original serves wherever it lies.
    let copy = file + ".copy"
    try Data(original).write(to: URL(filePath: copy))
    #expect(try Replay(episode, path: path, modelPath: copy).compare().isExact)
    try FileManager.default.removeItem(atPath: file)
    guard case .modelUnavailable(_, let missing)? = obstacle() else {
      Issue.record("a model came from nowhere")
      return
    }
    #expect(missing.contains("--model"))
  }

  @Test func anAlteredRefitInsideIsFound() throws {
    let (rig, _, host) = try stored()
    let (episode, path) = try rig.record(rig.runner(host), refit: rig.refits())
    #expect(episode.models.keys.sorted() == [1, 2, 3, 4])
    #expect(try Replay.report((episode, path)).isExact)
    let stored = try ModelFile.decode(try #require(episode.models[2]), path: "m")
    var model = try #require(stored.model.ensemble)
    for i in model.layers[1].bias.indices { model.layers[1].bias[i] += 0.01 }
    let bytes = try ModelFile.encode(model, path: "m")
    let report = try Replay.report(episode.altered(at: path) { $0.models[2] = bytes })
    let adopted = try #require(episode.ticks.firstIndex { $0.modelGeneration == 2 })
    #expect(report.first?.tick == adopted)
  }
}
