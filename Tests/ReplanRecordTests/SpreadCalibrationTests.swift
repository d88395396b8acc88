import Foundation
import Testing

@testable import ReplanRecord

@Suite struct SpreadCalibrationTests {
  private let calibration = SpreadCalibration(
    level: 0.9, steps: [1, 4, 16], factors: [[1, 2], [3, 2], [5, 2]])

  @Test func factorsAreThoseOfTheTableAndInterpolatedOverTheLogarithm() {
    for (step, factor) in [(1, Float(1)), (2, 2), (4, 3), (8, 4), (16, 5), (17, 5), (1000, 5)] {
      let found = calibration.factor(step: step, channel: 0)
      #expect(abs(found.noise - factor) < 1e-5 && found.disagreement == found.noise, "\(step)")
      #expect(calibration.factor(step: step, channel: 1) == (2, 2))
    }
  }

  @Test func disagreementHasFactorsOfItsOwn() throws {
    let apart = SpreadCalibration(
      level: 0.9, steps: [1, 4], factors: [[1], [3]], disagreement: [[8], [2]])
    #expect(apart.factor(step: 1, channel: 0) == (1, 8))
    let between = apart.factor(step: 2, channel: 0)
    #expect(abs(between.noise - 2) < 1e-5 && abs(between.disagreement - 5) < 1e-5)
    let text = try JSONEncoder().encode(apart)
    #expect(try JSONDecoder().decode(SpreadCalibration.self, from: text) == apart)
    // A file from before the two were told apart.
    let old = Data(#"{"level": 0.9, "steps": [1], "factors": [[2]]}"#.utf8)
    let read = try JSONDecoder().decode(SpreadCalibration.self, from: old)
    #expect(read.factor(step: 3, channel: 0) == (2, 2) && read.isSound(stateCount: 1))
  }

  @Test func whatIsNoCalibrationIsSeen() {
    #expect(calibration.isSound(stateCount: 2) && !calibration.isSound(stateCount: 3))
    var other = calibration
    other.steps = [1, 4, 4]
    #expect(!other.isSound(stateCount: 2))
    other = calibration
    other.factors[1][0] = 0
    #expect(!other.isSound(stateCount: 2))
    for wrong: [[Float]] in [[[1, 1]], [[1, 1], [1, .nan], [1, 1]], [[1], [1], [1]]] {
      other = calibration
      other.disagreement = wrong
      #expect(!other.isSound(stateCount: 2))
    }
  }
}
