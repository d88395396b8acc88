import ReplanCore
import ReplanRecord
import Testing

@testable import ReplanLearn

@Suite struct TrainingCalibrationTests {
  /// Trained on positive angles only: what is usual there is exceeded by far on the other side.
  @Test func disagreementIsUsualWhereThereIsDataAndFarAboveElsewhere() throws {
    let structure = TrainingPlants.pendulumStructure()
    let train = TrainingPlants.pendulumSet(400, seed: 1, side: true)
    let model = try TrainingPlants.fit(train, structure, TrainingSettings(), members: 4)
    let usual = try #require(model.training.disagreement)
    #expect(usual.quantile == 0.99)
    #expect(usual.transitions == 40, "a tenth is held out from all members")
    let same = TrainingPlants.pendulumSet(300, seed: 2, side: true)
    let other = TrainingPlants.pendulumSet(300, seed: 2)
    func share(_ set: TransitionSet, _ rows: [Int]) -> Double {
      let values = Calibration.disagreements(model, set, rows)
      return Double(values.filter { $0 > usual.value }.count) / Double(rows.count)
    }
    #expect(share(same, Array(0..<300)) < 0.06)
    let unseen = (0..<300).filter { other.states[2 * $0] < -0.5 }
    #expect(unseen.count > 80 && share(other, unseen) > 0.5)
  }

  @Test func aSingleMemberSaysNothing() throws {
    let set = TrainingPlants.pendulumSet(100, seed: 1)
    var settings = TrainingSettings()
    settings.steps = 20
    let structure = TrainingPlants.pendulumStructure()
    #expect(
      try TrainingPlants.fit(set, structure, settings, members: 1).training.disagreement == nil)
    settings.calibrates = false
    #expect(
      try TrainingPlants.fit(set, structure, settings, members: 3).training.disagreement == nil)
  }
}
