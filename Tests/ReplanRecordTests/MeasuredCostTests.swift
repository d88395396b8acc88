import Foundation
import ReplanCore
import Testing

@testable import ReplanRecord

/// The cost that the plant measures: from the episode to the transitions, and in the model file.
@Suite struct MeasuredCostTests {
  private func episode(costs: [Float]) -> Episode {
    var episode = Episode(header: Samples.header(observations: ["x"], actions: ["u"]))
    episode.observations = costs.enumerated().map {
      ObservationRecord(
        logTime: 0, sequence: UInt32($0), actionSequence: 0, plantTime: 0, flags: 1, cost: $1,
        values: [Float($0)])
    }
    return episode
  }

  private func transitions(_ costs: [Float]) -> TransitionSet {
    episode(costs: costs).transitions(latency: 0, safeAction: [-1])
  }

  @Test func theCostIsThatOfTheSampleThatTheActionLeadsTo() {
    let set = transitions([10, 11, 12, 13])
    #expect(set.costs == [11, 12, 13] && set.hasCosts && set.withCosts == set)
  }

  @Test func aSampleWithoutACostIsKeptAndToldApart() {
    let set = transitions([.nan, 11, .nan, .infinity, 14])
    #expect(set.count == 4 && !set.hasCosts)
    #expect(set.costs[0] == 11 && set.costs[1].isNaN && set.costs[2].isNaN && set.costs[3] == 14)
    let measured = set.withCosts
    #expect(measured.states == [0, 3] && measured.nextStates == [1, 4])
    #expect(measured.costs == [11, 14] && measured.actions == [-1, -1])
    #expect(transitions([1, .nan, .nan]).withCosts.count == 0)
  }

  @Test func setsWithoutCostsAreEqualAndCostsTellSetsApart() {
    #expect(transitions([.nan, .nan]) == transitions([.nan, .nan]))
    #expect(transitions([.nan, 1]) != transitions([.nan, 2]))
    #expect(transitions([.nan, 1]) != transitions([.nan, .nan]))
    var both = transitions([.nan, 1])
    both.append(transitions([.nan, .nan]))
    #expect(both.costs[0] == 1 && both.costs[1].isNaN)
  }

  @Test func theHashKnowsOfCostsWhereThereAreAny() {
    let none = transitions([.nan, .nan, .nan]).dataHash
    let some = transitions([.nan, 1, .nan]).dataHash
    #expect(none != some && some != transitions([.nan, 2, .nan]).dataHash)
    var plain = TransitionSet(stateCount: 1, actionCount: 1)
    plain.append(state: [0], action: [-1], nextState: [1])
    plain.append(state: [1], action: [-1], nextState: [2])
    #expect(plain.dataHash == none)
  }

  @Test(arguments: [NoiseHead.constant, .predicted])
  func theRefereeFindsTheCostAsOneMoreOutput(noise: NoiseHead) throws {
    let folder = try TemporaryFolder()
    let model = Samples.model(noise: noise, predictsCost: true)
    try ModelFile.write(model, to: folder.file("m.safetensors"))
    let referee = try PythonReferee("referee_model.py", folder.file("m.safetensors"))
    let verdict = try JSONDecoder().decode(ModelFileTests.Verdict.self, from: referee.result())
    #expect(verdict.metadata["shape"]?.contains(#""predicts_cost":true"#) == true)
    #expect(verdict.metadata["training"]?.contains(#""costRMSE":0.25"#) == true)
    #expect(verdict.tensors["output.mean"]?.shape == [3])
    #expect(verdict.tensors["output.scale"]?.shape == [3])
    let heads = noise == .constant ? 3 : 6
    #expect(verdict.tensors["layers.2.weight"]?.shape == [3, heads, 6])
    #expect(verdict.tensors["layers.2.bias"]?.shape == [3, heads])
    #expect(verdict.tensors["noise.variance"]?.shape == (noise == .constant ? [3, 3] : nil))
    let stored = try ModelFile.read(folder.file("m.safetensors"))
    let read = try #require(stored.model.ensemble)
    #expect(read.shape.predictsCost && read.shape.outputCount == 2)
    #expect(read.layers == model.layers && read.training.costRMSE == 0.25)
    #expect(
      try ModelFile.encode(stored.model, metadata: [:], path: "") == folder.read("m.safetensors"))
  }

  @Test func filesThatDoNotNameTheCostPredictNone() throws {
    let bytes = try ModelFile.encode(.ensemble(Samples.model()), metadata: [:], path: "m")
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(!text.contains("predicts_cost") && !text.contains("costRMSE"))
    let stored = try ModelFile.decode(bytes, path: "m")
    let read = try #require(stored.model.ensemble)
    #expect(!read.shape.predictsCost && read.training.costRMSE == nil)
  }

  @Test func theErrorSaysWhichEpisodeAndWhatToDo() {
    let text = RecordError.noCost(path: "episodes/0003.mcap").description
    #expect(text.hasPrefix("episodes/0003.mcap: ") && text.contains("learned_cost"))
  }
}
