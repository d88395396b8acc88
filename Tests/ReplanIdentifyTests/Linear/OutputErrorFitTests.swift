import Testing

@testable import ReplanIdentify

@Suite struct OutputErrorFitTests {
  private func fitted(_ records: [LinearRecord], outputs: Int = 1) throws -> OutputErrorFit.Result {
    let least = try #require(ARXFit(records, outputs: outputs, longest: 1).model(history: 1))
    let guesses = [least, InstrumentalVariables.fitted(records, from: least)].compactMap { $0 }
    let fit = OutputErrorFit(records, outputs: outputs, history: 1, length: 200)
    return try #require(fit.fitted(from: guesses))
  }

  /// Noise of the measurement bends least squares on one-step errors, and not this.
  @Test func noiseOfTheMeasurementDoesNotBiasIt() throws {
    var random = TestRandom(1)
    let record = StateSpace.swinging.record(2000, output: 0.5, random: &random)
    let least = try #require(ARXFit([record], outputs: 1, longest: 1).model(history: 1))
    let found = try fitted([record])
    #expect(abs(least.coefficients[1, 0] - 1.5) > 0.05)
    #expect(abs(found.model.coefficients[1, 0] - 1.5) < 0.01)
    #expect(abs(found.noise[0] - 0.5) < 0.03)
    let clean = StateSpace.swinging.record(300, random: &random)
    #expect(
      found.model.simulationError(clean, from: 1)
        < 0.2 * least.simulationError(clean, from: 1))
  }

  @Test func intervalsHoldTheTrueCoefficients() throws {
    var random = TestRandom(2)
    var (inside, all) = (0, 0)
    for _ in 0..<100 {
      let found = try fitted([StateSpace.swinging.record(400, output: 0.3, random: &random)])
      for (row, value) in StateSpace.swingingCoefficients.enumerated() {
        all += 1
        if abs(found.model.coefficients[row, 0] - value) < 1.96 * found.model.deviation(row) {
          inside += 1
        }
      }
    }
    let share = Double(inside) / Double(all)
    #expect(share > 0.90 && share < 0.99)
  }

  @Test func severalOutputsAreFittedTogether() throws {
    var random = TestRandom(3)
    let records = [300, 500].map {
      StateSpace.coupled.record($0, output: 0.1, random: &random)
    }
    let found = try fitted(records, outputs: 2)
    let clean = StateSpace.coupled.record(200, random: &random)
    #expect(found.model.simulationError(clean, from: 1) < 0.05)
    for noise in found.noise { #expect(abs(noise - 0.1) < 0.02) }
  }

  /// In windows short enough a plant that runs away is simulated all the same.
  @Test func anUnstablePlantIsFittedInShortWindows() throws {
    var random = TestRandom(4)
    let space = StateSpace(a: [[1.05]], b: [[0.2]], c: [[1]])
    let records = (0..<6).map { _ in
      space.record(50, output: 0.02, random: &random)
    }
    let least = try #require(ARXFit(records, outputs: 1, longest: 0).model(history: 0))
    let fit = OutputErrorFit(
      records, outputs: 1, history: 0, length: OutputErrorFit.unstableWindowLength)
    let found = try #require(fit.fitted(from: [least]))
    #expect(abs(found.model.coefficients[1, 0] - 1.05) < 0.003)
  }

  /// A longer history sees through more of the noise, and simulates as before.
  @Test func aLongerHistoryPredictsBetterFromNoisySamples() throws {
    var random = TestRandom(5)
    let found = try fitted([StateSpace.swinging.record(2000, output: 0.3, random: &random)])
    let long = try #require(found.remembering(6))
    let new = StateSpace.swinging.record(1000, output: 0.3, random: &random)
    func error(_ model: HistoryModel) -> Double {
      let (squares, count) = model.oneStepErrors([new])
      return (squares[0] / Double(count)).squareRoot()
    }
    #expect(error(long) < 0.7 * error(found.model))
    let clean = StateSpace.swinging.record(300, random: &random)
    #expect(
      abs(long.simulationError(clean, from: 7) - found.model.simulationError(clean, from: 7))
        < 1e-3)
    #expect(long.covariances.count == 1 && long.deviation(1) > 0)
  }
}
