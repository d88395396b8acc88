/// Makes a model's free motion die out.
enum Stabilization {
  /// Largest magnitude of an eigenvalue that is let be.
  static let limit = 0.999

  /// What was done.
  struct Result {
    var model: HistoryModel
    /// Largest magnitude of an eigenvalue before.
    var before: Double
    /// True if simulation errors were minimised among stable models afterwards.
    var isRefined: Bool
  }

  /// - Parameter records: what the model was fitted to, in the same units.
  /// - Returns: nil if the model is stable as it is.
  static func applied(to model: HistoryModel, _ records: [LinearRecord]) -> Result? {
    let radius = model.spectralRadius
    guard !(radius <= limit) else { return nil }
    let contracted = model.contracted(by: limit / radius, records)
    var fit = OutputErrorFit(
      records, outputs: model.outputCount, history: model.history,
      length: OutputErrorFit.windowLength)
    fit.isAllowed = { $0.spectralRadius <= limit + 1e-9 }
    guard let refined = fit.fitted(from: [contracted]) else {
      return Result(model: contracted, before: radius, isRefined: false)
    }
    var result = contracted
    for target in 0..<model.outputCount {
      for i in 0..<model.regressorCount {
        result.coefficients[i, target] = refined.model.coefficients[i, target]
      }
      if !result.covariances.isEmpty, !refined.model.covariances.isEmpty {
        result.covariances[target] = refined.model.covariances[target]
      }
    }
    return Result(model: result, before: radius, isRefined: true)
  }
}

extension HistoryModel {
  /// A_j times ρ^(j+1) has ρ times the eigenvalues; what inputs and offset do is fitted anew to the
  /// one-step errors.
  fileprivate func contracted(by factor: Double, _ records: [LinearRecord]) -> HistoryModel {
    var result = self
    var power = 1.0
    for lag in 0...history {
      power *= factor
      for i in 0..<outputCount {
        for j in 0..<outputCount { result.coefficients[place(output: j, lag: lag), i] *= power }
      }
    }
    let free =
      [0]
      + (0...history).flatMap { lag in
        (0..<inputCount).map { place(input: $0, lag: lag) }
      }
    var stack = RowStack(columns: free.count + outputCount)
    var row = [Double](repeating: 0, count: regressorCount)
    for record in records where record.count > history + 1 {
      for k in history..<record.count - 1 {
        HistoryModel.regressors(record, k, outputs: outputCount, history: history) { row[$0] = $1 }
        stack.append { set in
          for (column, place) in free.enumerated() { set(column, row[place]) }
          for target in 0..<outputCount {
            var rest = HistoryModel.target(record, k, target, outputs: outputCount)
            for lag in 0...history {
              for j in 0..<outputCount {
                let p = place(output: j, lag: lag)
                rest -= result.coefficients[p, target] * row[p]
              }
            }
            set(free.count + target, rest)
          }
        }
      }
    }
    let all = stack.factor()
    let known = 0..<free.count
    let solution = DenseAlgebra.leastSquares(
      all.part(rows: known, columns: known),
      all.part(rows: known, columns: free.count..<all.columns), tolerance: 1e-9)
    for (i, place) in free.enumerated() {
      for target in 0..<outputCount { result.coefficients[place, target] = solution[i, target] }
    }
    return result
  }
}
