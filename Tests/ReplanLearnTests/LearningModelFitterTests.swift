import PlantRig
import ReplanCore
import ReplanLoop
import ReplanRecord
import ReplanRobot
import Testing

@testable import ReplanLearn

@Suite struct LearningModelFitterTests {
  private func transitions(_ rig: EpisodeRig) throws -> TransitionSet {
    try rig.runner(rig.host()).run(rig.exploration(ticks: 60)).transitions
  }

  @Test func roundsDifferAndPlacesHaveTheirSteps() throws {
    let rig = try EpisodeRig(lockstep: true)
    let set = try transitions(rig)
    let fitter = ModelFitter(robot: rig.robot, seed: 3)
    let first = try fitter.fit(set, round: 1, place: .betweenEpisodes)
    let again = try fitter.fit(set, round: 1, place: .betweenEpisodes)
    let second = try fitter.fit(set, round: 2, place: .betweenEpisodes)
    let inside = try fitter.fit(set, round: 1, place: .insideEpisode)
    #expect(first.layers == again.layers)
    #expect(first.layers != second.layers)
    #expect(first.training.steps == 50)
    #expect(inside.training.steps == 20)
    #expect(first.channels == ["x", "v", "angle", "w", "force"])
    #expect(first.training.dataHash == set.dataHash)
    #expect(first.training.transitions == 59)
  }

  @Test func aStoredFitIsTheOneThatIsUsed() throws {
    let rig = try EpisodeRig(lockstep: true)
    let set = try transitions(rig)
    let fit = ModelFit(
      fitter: ModelFitter(robot: rig.robot, seed: 3), workspace: rig.workspace,
      isStopRequested: rig.stopRequest, progress: { _ in })
    let fitted = try #require(try fit.run(Dataset(set), round: 1))
    let stored = try StoredModel.load(fitted.path, for: rig.robot)
    #expect(stored.hash == fitted.block.hash)
    #expect(fitted.event.file == "models/0001.safetensors")
    #expect(fitted.event.transitions == 59)
    rig.stop.set()
    #expect(try fit.run(Dataset(set), round: 2) == nil)
    #expect(try rig.workspace.models().count == 1)
  }
}
