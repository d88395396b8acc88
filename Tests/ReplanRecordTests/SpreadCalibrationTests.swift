import Testing

@testable import ReplanRecord

@Suite struct SpreadCalibrationTests {
  private let calibration = SpreadCalibration(
    level: 0.9, steps: [1, 4, 16], factors: [[1, 2], [3, 2], [5, 2]])

  @Test func factorsAreThoseOfTheTableAndInterpolatedOverTheLogarithm() {
    for (step, factor) in [(1, Float(1)), (2, 2), (4, 3), (8, 4), (16, 5), (17, 5), (1000, 5)] {
      #expect(abs(calibration.factor(step: step, channel: 0) - factor) < 1e-5, "\(step)")
      #expect(calibration.factor(step: step, channel: 1) == 2)
    }
  }

  @Test func whatIsNoCalibrationIsSeen() {
    #expect(calibration.isSound(stateCount: 2) && !calibration.isSound(stateCount: 3))
    var other = calibration
    other.steps = [1, 4, 4]
    #expect(!other.isSound(stateCount: 2))
    other = calibration
    other.factors[1][0] = 0
    #expect(!other.isSound(stateCount: 2))
  }
}
