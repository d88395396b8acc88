/// What a state space of a subspace is made by.
private struct StateSpaceKey: Hashable {
  var order: Int
  var weighting: SubspaceFit.Weighting
}

/// Models of all candidates from the same records; what candidates share is worked out once.
final class LinearFits {
  private let records: [LinearRecord]
  private let outputs: Int
  private let settings: LinearSettings
  /// The outputs whose past counts, alone.
  private lazy var counting = records.map { $0.outputs(first: outputs) }
  private lazy var arx = ARXFit(records, outputs: outputs, longest: longest)
  private lazy var subspace = subspaceFit()
  private var directions: [SubspaceFit.Weighting: SubspaceFit.Directions] = [:]
  private var stateSpaces: [StateSpaceKey: StateSpace?] = [:]
  private var outputError: [Int: OutputErrorFit.Result?] = [:]
  private let longest: Int
  private let isScout: Bool

  /// - Parameters:
  ///   - records: scaled.
  ///   - outputs: of their channels, those whose past counts.
  ///   - longest: history of arx, samples.
  ///   - isScout: models need only tell orders apart.
  init(
    _ records: [LinearRecord], outputs: Int, _ settings: LinearSettings, longest: Int,
    isScout: Bool = false
  ) {
    self.records = records
    self.outputs = outputs
    self.settings = settings
    self.longest = longest
    self.isScout = isScout
  }

  /// - Returns: nil if the records do not allow for it.
  func model(_ candidate: LinearCandidate) -> HistoryModel? {
    let found: HistoryModel?
    switch candidate.method {
    case .arx: found = arx.model(history: candidate.history)
    case .oe:
      found = completed(searched(order: candidate.order)?.remembering(candidate.history))
    case .n4sid:
      found = completed(
        stateSpace(candidate.order, candidate.weighting ?? .cva)?.remembering(candidate.history))
    case .dmdc: found = DynamicModeFit(records, outputs: outputs).model(order: candidate.order)
    }
    return found.flatMap { $0.coefficients.values.allSatisfy(\.isFinite) ? $0 : nil }
  }

  /// The equations of the other outputs, by least squares with the same history.
  private func completed(_ model: HistoryModel?) -> HistoryModel? {
    guard let model, let first = records.first, first.outputCount > outputs else { return model }
    guard
      let least = ARXFit(records, outputs: outputs, longest: model.history)
        .model(history: model.history)
    else { return nil }
    var result = least
    result.coefficients.set(model.coefficients, row: 0, column: 0)
    if model.covariances.isEmpty {
      result.covariances = []
    } else {
      for target in 0..<outputs { result.covariances[target] = model.covariances[target] }
    }
    return result
  }

  private func subspaceFit() -> SubspaceFit? {
    // Twice the blocks that the highest order needs; fewer where the records are short of columns.
    var blocks = max(2 * ((LinearSettings.highestOrder + outputs - 1) / outputs), 6)
    while blocks >= 2 {
      if let fit = SubspaceFit(counting, blocks: blocks) { return fit }
      blocks = blocks * 2 / 3
    }
    return nil
  }

  private func stateSpace(_ order: Int, _ weighting: SubspaceFit.Weighting) -> StateSpace? {
    guard let subspace else { return nil }
    if directions[weighting] == nil { directions[weighting] = subspace.directions(weighting) }
    let key = StateSpaceKey(order: order, weighting: weighting)
    if let known = stateSpaces[key] { return known }
    let rough = directions[weighting].flatMap { subspace.stateSpace($0, order: order) }
    let space =
      rough?.refittingInputs(
        counting,
        mostSamples: isScout ? OutputErrorFit.fewSamples : OutputErrorFit.mostSamples) ?? rough
    stateSpaces[key] = .some(space)
    return space
  }

  private func searched(order: Int) -> OutputErrorFit.Result? {
    if let known = outputError[order] { return known }
    let result = search(history: order - 1)
    outputError[order] = .some(result)
    return result
  }

  private func search(history: Int) -> OutputErrorFit.Result? {
    guard let least = ARXFit(counting, outputs: outputs, longest: history).model(history: history)
    else { return nil }
    var guesses = [least]
    if let instruments = InstrumentalVariables.fitted(counting, from: least) {
      guesses.append(instruments)
    }
    let order = outputs * (history + 1)
    for weighting in SubspaceFit.Weighting.allCases {
      if let model = stateSpace(order, weighting)?.remembering(history) { guesses.append(model) }
    }
    let isStable = guesses.contains { $0.spectralRadius < 1 }
    let fit = OutputErrorFit(
      counting, outputs: outputs, history: history,
      length: isStable ? OutputErrorFit.windowLength : OutputErrorFit.unstableWindowLength,
      isScout: isScout)
    return fit.fitted(from: guesses)
  }
}

extension LinearRecord {
  /// The first output channels alone.
  fileprivate func outputs(first count: Int) -> LinearRecord {
    guard count < outputCount else { return self }
    var result = LinearRecord(outputCount: count, inputCount: inputCount)
    for k in 0..<self.count {
      result.append(
        output: (0..<count).map { output(k, $0) }, input: (0..<inputCount).map { input(k, $0) })
    }
    return result
  }
}
