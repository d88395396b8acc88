import Testing

@testable import ReplanIdentify

@Suite struct SubspaceFitTests {
  @Test(arguments: SubspaceFit.Weighting.allCases)
  func aFreeOfNoiseRecordTellsOrderAndEigenvalues(_ weighting: SubspaceFit.Weighting) throws {
    var random = TestRandom(1)
    let record = StateSpace.coupled.record(300, random: &random)
    let fit = try #require(SubspaceFit([record], blocks: 6))
    let directions = try #require(fit.directions(weighting))
    let values = directions.singularValues
    #expect(values[2] > 1e-3 * values[0] && values[3] < 1e-8 * values[0])
    let space = try #require(fit.stateSpace(directions, order: 3))
    let found = DenseAlgebra.eigenvalues(space.a).map(\.real).sorted()
    for (value, true_) in zip(found, [0.6, 0.9, 0.9]) { #expect(abs(value - true_) < 1e-6) }
    let model = try #require(space.remembering(1))
    let new = StateSpace.coupled.record(100, random: &random)
    #expect(model.simulationError(new, from: 1) < 1e-6)
  }

  @Test(arguments: SubspaceFit.Weighting.allCases)
  func severalNoisyRecordsOfDifferentLengths(_ weighting: SubspaceFit.Weighting) throws {
    var random = TestRandom(2)
    let records = [700, 30, 1200, 5, 400].map {
      StateSpace.swinging.record($0, process: 0.05, output: 0.2, random: &random)
    }
    let fit = try #require(SubspaceFit(records, blocks: 8))
    let directions = try #require(fit.directions(weighting))
    let space = try #require(fit.stateSpace(directions, order: 2))
    let found = DenseAlgebra.eigenvalues(space.a)
    #expect(abs(found[0].real - 0.75) < 0.02 && abs(abs(found[0].imaginary) - 0.371) < 0.02)
    let clean = StateSpace.swinging.record(200, random: &random)
    #expect(try #require(space.remembering(5)).simulationError(clean, from: 5) < 0.15)
    // One-step predictions from noisy samples are nearly as good as the noise allows.
    let new = StateSpace.swinging.record(1000, process: 0.05, output: 0.2, random: &random)
    let (squares, count) = try #require(space.remembering(7)).oneStepErrors([new])
    let least = try #require(ARXFit([new], outputs: 1, longest: 7).model(history: 7))
      .oneStepErrors([new])
    #expect(squares[0] / Double(count) < 1.15 * least.squares[0] / Double(least.count))
  }

  /// Where inputs change slowly, past and present ones say nearly the same.
  @Test func slowInputsAreToldApartBySimulation() throws {
    var random = TestRandom(5)
    var slow = 0.0
    let space = StateSpace(a: [[0.97, 0.05], [0, 0.95]], b: [[0], [0.1]], c: [[1, 0]])
    let record = space.record(1000, output: 0.02, random: &random) { _, _ in
      slow = 0.98 * slow + 0.2
      return [10 * slow]
    }
    let fit = try #require(SubspaceFit([record], blocks: 10))
    let directions = try #require(fit.directions(.moesp))
    let rough = try #require(fit.stateSpace(directions, order: 2))
    let better = try #require(rough.refittingInputs([record], mostSamples: 20_000))
    let model = try #require(better.remembering(3))
    let clean = space.record(200, random: &random)
    let still = try #require(rough.remembering(3)).simulationError(clean, from: 3)
    #expect(model.simulationError(clean, from: 3) <= 1.05 * still)
    #expect(rough.refittingInputs([], mostSamples: 100) == nil)
  }

  /// A plant that runs away, held by a controller while it is recorded.
  @Test func anUnstablePlantInClosedLoop() throws {
    var random = TestRandom(3)
    let space = StateSpace(a: [[1.1]], b: [[0.5]], c: [[1]])
    let record = space.record(1500, process: 0.05, output: 0.05, random: &random) { _, y in
      [-0.8 * y[0]]
    }
    let fit = try #require(SubspaceFit([record], blocks: 6))
    let directions = try #require(fit.directions(.cva))
    let found = try #require(fit.stateSpace(directions, order: 1))
    #expect(abs(found.a[0, 0] - 1.1) < 0.05)
  }

  @Test func recordsTooShortOrOrdersTooHighGiveNothing() throws {
    var random = TestRandom(4)
    let record = StateSpace.swinging.record(40, random: &random)
    #expect(SubspaceFit([record], blocks: 10) == nil)
    let long = StateSpace.swinging.record(300, random: &random)
    let fit = try #require(SubspaceFit([long], blocks: 4))
    let directions = try #require(fit.directions(.moesp))
    #expect(fit.stateSpace(directions, order: 4) == nil)
  }
}
