import Testing

@testable import ReplanIdentify

@Suite struct ARXFitTests {
  @Test func coefficientsOfAFreeOfNoiseRecordAreExact() throws {
    var random = TestRandom(1)
    let record = StateSpace.swinging.record(200, random: &random)
    let model = try #require(ARXFit([record], outputs: 1, longest: 4).model(history: 1))
    for (found, true_) in zip(model.coefficients.values, StateSpace.swingingCoefficients) {
      #expect(abs(found - true_) < 1e-9)
    }
    #expect(abs(model.spectralRadius - 0.7.squareRoot()) < 1e-9)
    #expect(model.simulationError(record, from: 3) < 1e-9)
  }

  @Test func severalOutputsAndRecordsOfDifferentLengthsAreOneFit() throws {
    var random = TestRandom(2)
    let records = [40, 90, 17, 3].map { StateSpace.coupled.record($0, random: &random) }
    let model = try #require(ARXFit(records, outputs: 2, longest: 1).model(history: 1))
    let new = StateSpace.coupled.record(100, random: &random)
    #expect(model.simulationError(new, from: 1) < 1e-9)
  }

  /// What drives the plant from sample to sample is what the method assumes: the intervals hold.
  @Test func intervalsHoldTheTrueCoefficients() throws {
    var random = TestRandom(3)
    var (inside, all) = (0, 0)
    for _ in 0..<200 {
      var record = LinearRecord(outputCount: 1, inputCount: 1)
      var (y, before, u, used) = (0.0, 0.0, 0.0, 0.0)
      for _ in 0..<300 {
        (used, u) = (u, random.normal())
        record.append(output: [y], input: [u])
        let next = 0.3 + 1.2 * y - 0.5 * before + 0.8 * u + 0.2 * used + 0.3 * random.normal()
        (before, y) = (y, next)
      }
      let model = try #require(ARXFit([record], outputs: 1, longest: 1).model(history: 1))
      for (row, value) in [0.3, 1.2, 0.8, -0.5, 0.2].enumerated() {
        all += 1
        if abs(model.coefficients[row, 0] - value) < 1.96 * model.deviation(row) { inside += 1 }
      }
    }
    let share = Double(inside) / Double(all)
    #expect(share > 0.92 && share < 0.98)
  }

  @Test func whatNothingDependsOnIsPredictedByItsChange() throws {
    var random = TestRandom(4)
    var record = LinearRecord(outputCount: 2, inputCount: 1)
    var (velocity, position) = (0.0, 100.0)
    for _ in 0..<100 {
      let u = random.normal()
      record.append(output: [velocity, position], input: [u])
      position += 0.1 * velocity + 0.02 * u
      velocity = 0.9 * velocity + 0.4 * u + 0.1
    }
    let model = try #require(ARXFit([record], outputs: 1, longest: 0).model(history: 0))
    #expect(model.targetCount == 2)
    for (found, true_) in zip(model.coefficients.values, [0.1, 0.9, 0.4, 0, 0.1, 0.02]) {
      #expect(abs(found - true_) < 1e-9)
    }
  }

  @Test func tooFewSamplesGiveNoModel() {
    var random = TestRandom(5)
    let record = StateSpace.swinging.record(12, random: &random)
    #expect(ARXFit([record], outputs: 1, longest: 3).model(history: 3) == nil)
  }

  /// Two channels that say the same leave their shares open, and nothing else.
  @Test func channelsThatSayTheSameDoNotSpoilTheFit() throws {
    var random = TestRandom(6)
    let one = StateSpace.swinging.record(200, random: &random)
    var twice = LinearRecord(outputCount: 2, inputCount: 1)
    for k in 0..<one.count {
      twice.append(output: [one.output(k, 0), one.output(k, 0)], input: [one.input(k, 0)])
    }
    let model = try #require(ARXFit([twice], outputs: 2, longest: 1).model(history: 1))
    #expect(model.coefficients.values.allSatisfy { abs($0) < 3 })
    #expect(model.simulationError(twice, from: 1) < 1e-6)
  }
}
