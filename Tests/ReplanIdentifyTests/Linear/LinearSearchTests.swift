import Testing

@testable import ReplanIdentify

@Suite struct LinearSearchTests {
  private func found(
    _ records: [LinearRecord], outputs: Int, longest: Int = 6,
    change: (inout LinearSettings) -> Void = { _ in }
  ) throws -> LinearSearch.Found {
    let scaling = RecordScaling(records)
    var settings = LinearSettings(longestHistory: longest)
    change(&settings)
    let search = LinearSearch(
      records: records.map(scaling.applied), outputs: outputs, settings: settings)
    return try #require(search.found { _ in })
  }

  @Test func theSmallestOrderThatExplainsIsChosen() throws {
    var random = TestRandom(1)
    let record = StateSpace.swinging.record(800, output: 0.05, random: &random)
    let found = try found([record], outputs: 1)
    #expect(found.isSimulated)
    #expect(found.best.candidate.order == 2)
    #expect(found.loss(found.best) < 0.01)
    #expect(found.table.contains { $0.candidate == found.best.candidate })
    #expect(Set(found.table.map(\.candidate.method)) == Set(LinearMethod.allCases))
    // One sample does not tell the state.
    let first = try #require(
      found.table.first { $0.candidate.method == .arx && $0.candidate.order == 1 })
    #expect(found.loss(first) > 5 * found.loss(found.best))
  }

  @Test func aMeasuredStateNeedsNoHistory() throws {
    var random = TestRandom(2)
    let space = StateSpace(
      a: [[0.9, 0.2], [-0.2, 0.9]], b: [[0], [1]], c: [[1, 0], [0, 1]])
    let record = space.record(600, process: 0.02, random: &random)
    let found = try found([record], outputs: 2)
    #expect(found.best.candidate.history == 0)
  }

  @Test func aPlantThatRunsAwayIsJudgedOverShortWindows() throws {
    var random = TestRandom(3)
    let space = StateSpace(a: [[1.1]], b: [[0.5]], c: [[1]])
    let record = space.record(800, process: 0.05, random: &random) { _, y in [-0.8 * y[0]] }
    let found = try found([record], outputs: 1) { $0.methods = [.arx] }
    #expect(!found.isSimulated)
    #expect(found.best.candidate.order == 1)
  }

  @Test func onlyTheOrdersAndMethodsAskedForAreTried() throws {
    var random = TestRandom(4)
    let records = (0..<12).map { _ in
      StateSpace.swinging.record(100, output: 0.05, random: &random)
    }
    let found = try found(records, outputs: 1) {
      $0.methods = [.n4sid]
      $0.orders = [2, 3]
    }
    #expect(found.table.map(\.candidate.order) == [2, 3])
    #expect(found.table.allSatisfy { $0.candidate.method == .n4sid })
  }

  @Test func aDelayIsPartOfTheHistory() throws {
    var random = TestRandom(5)
    let record = StateSpace.swinging.record(500, random: &random)
    var settings = LinearSettings(longestHistory: 6)
    settings.inputDelay = 2
    let inForce = try #require(recordedEarly(record, by: 2).delayingInputs(2))
    let result = try #require(
      LinearResult(
        LinearCandidate(method: .arx, order: 2, history: 1), [inForce], RecordScaling([inForce]),
        outputs: 1, settings))
    #expect(result.model.history == 3)
    #expect(result.model.simulationError(recordedEarly(record, by: 2), from: 3) < 1e-8)
  }

  /// The record of a plant whose inputs come into force `samples` later than they are recorded.
  private func recordedEarly(_ record: LinearRecord, by samples: Int) -> LinearRecord {
    var result = LinearRecord(outputCount: 1, inputCount: 1)
    for k in 0..<record.count - samples {
      result.append(output: [record.output(k, 0)], input: [record.input(k + samples, 0)])
    }
    return result
  }

  @Test func deviationsOfSubspaceModelsComeFromLeavingPartsOut() throws {
    var random = TestRandom(6)
    let record = StateSpace.swinging.record(800, output: 0.1, random: &random)
    let candidate = LinearCandidate(method: .n4sid, order: 2, history: 1, weighting: .cva)
    let result = try #require(
      LinearResult(
        candidate, [record], RecordScaling([record]), outputs: 1, LinearSettings(longestHistory: 4))
    )
    for (row, value) in StateSpace.swingingCoefficients.enumerated() {
      let deviation = result.model.deviation(row)
      #expect(deviation > 0 && deviation < 0.1)
      #expect(abs(result.model.coefficients[row, 0] - value) < 5 * deviation)
    }
  }
}
