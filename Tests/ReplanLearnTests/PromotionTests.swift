import ReplanRecord
import Testing

@testable import ReplanLearn

/// What a model is refused for.
@Suite struct PromotionTests {
  private func errors(
    _ rmse: [[Double]], coverage: [Double]? = [0.9, 0.9, 0.9]
  ) -> ModelProvenance.Errors {
    ModelProvenance.Errors(
      steps: [1, 10, 25], rmse: rmse, fit: [1, 0.9, 0.5], coverage90: coverage, episodes: "5",
      isHeldOut: true)
  }

  private let usual = [[0.1, 2], [0.2, 4], [0.4, 8]]

  @Test func theFirstModelIsTaken() {
    let promotion = Promotion(
      candidate: errors(usual), running: nil, worse: 1.25, demandsCalibration: true)
    #expect(promotion.objection == nil && promotion.ratios.isEmpty)
  }

  @Test func nothingToJudgeOnIsNoObjection() {
    let promotion = Promotion(
      candidate: nil, running: nil, worse: 1.25, demandsCalibration: true)
    #expect(promotion.objection == nil)
  }

  @Test func channelsAreWeighedAlikeWhateverTheirUnits() {
    // Twice as good in one channel, twice as bad in the other: alike.
    let promotion = Promotion(
      candidate: errors([[0.2, 1], [0.4, 2], [0.8, 4]]), running: errors(usual), worse: 1.25,
      demandsCalibration: false)
    #expect(promotion.objection == nil)
    #expect(promotion.ratios.allSatisfy { abs($0 - 1) < 1e-9 })
  }

  @Test func oneHorizonIsEnoughToRefuse() {
    let promotion = Promotion(
      candidate: errors([[0.1, 2], [0.2, 4], [0.8, 8]]), running: errors(usual), worse: 1.25,
      demandsCalibration: false)
    #expect(abs(promotion.ratios[2] - 2.0.squareRoot()) < 1e-9)
    #expect(promotion.objection?.contains("1.41 over 25 ticks") == true)
    let tolerant = Promotion(
      candidate: errors([[0.1, 2], [0.2, 4], [0.8, 8]]), running: errors(usual), worse: 1.5,
      demandsCalibration: false)
    #expect(tolerant.objection == nil)
  }

  @Test func predictionsThatLeaveTheNumbersAreRefused() {
    let promotion = Promotion(
      candidate: errors([[0.1, 2], [0.2, 4], [.infinity, 8]]), running: nil, worse: 1.25,
      demandsCalibration: false)
    #expect(promotion.objection == "its predictions leave the numbers")
    // A model in use that does is no reason to keep it.
    let better = Promotion(
      candidate: errors(usual), running: errors([[0.1, 2], [0.2, 4], [.infinity, 8]]),
      worse: 1.25, demandsCalibration: false)
    #expect(better.objection == nil && better.ratios[2] < 1)
  }

  @Test func tooSureOfItselfIsRefusedWhereCalibrationCounts() {
    let sure = errors(usual, coverage: [0.3, 0.4, 0.5])
    let demanding = Promotion(
      candidate: sure, running: nil, worse: 1.25, demandsCalibration: true)
    #expect(demanding.objection?.contains("40 %") == true)
    let learning = Promotion(
      candidate: sure, running: nil, worse: 1.25, demandsCalibration: false)
    #expect(learning.objection == nil)
  }

  @Test func aShortRecordComparesAsFarAsItReaches() {
    let short = ModelProvenance.Errors(
      steps: [1], rmse: [[0.1, 2]], fit: [1], coverage90: nil, episodes: "1", isHeldOut: false)
    let promotion = Promotion(
      candidate: short, running: errors(usual), worse: 1.25, demandsCalibration: true)
    #expect(promotion.ratios == [1] && promotion.objection == nil)
  }
}
