/// Least squares on one-step errors, for all numbers of past samples at once.
///
/// The regressors of a shorter history are the first of a longer one, so that one triangular factor
/// serves them all.
///
/// - Source: Ljung 1999, System Identification, sections 7.3 and 10.1.
struct ARXFit {
  let outputCount: Int
  let incrementCount: Int
  let inputCount: Int
  let longest: Int
  let rowCount: Int
  /// R of regressors and targets side by side.
  private let factor: Matrix

  /// Below so much of the largest, a direction of the regressors carries nothing: of two channels that
  /// say the same, each gets half.
  static let tolerance = 1e-9

  /// - Parameter outputs: of the records' channels, those whose past counts; they come first.
  init(_ records: [LinearRecord], outputs: Int, longest: Int) {
    let first = records[0]
    outputCount = outputs
    incrementCount = first.outputCount - outputs
    inputCount = first.inputCount
    self.longest = longest
    let regressors = 1 + (longest + 1) * (outputs + first.inputCount)
    var stack = RowStack(columns: regressors + first.outputCount)
    for record in records where record.count > longest + 1 {
      for k in longest..<record.count - 1 {
        stack.append { set in
          HistoryModel.regressors(record, k, outputs: outputs, history: longest, set)
          for channel in 0..<record.outputCount {
            set(
              regressors + channel,
              HistoryModel.target(record, k, channel, outputs: outputs))
          }
        }
      }
    }
    rowCount = stack.rowCount
    factor = stack.factor()
  }

  /// The model of a history up to `longest`.
  ///
  /// - Returns: nil if there are fewer rows than coefficients.
  func model(history: Int) -> HistoryModel? {
    var model = HistoryModel(
      outputCount: outputCount, incrementCount: incrementCount, inputCount: inputCount,
      history: history)
    let (p, all) = (model.regressorCount, factor.columns)
    guard rowCount > 2 * p else { return nil }
    let targets = all - model.targetCount..<all
    let r = factor.part(rows: 0..<p, columns: 0..<p)
    let right = factor.part(rows: 0..<p, columns: targets)
    model.coefficients = DenseAlgebra.leastSquares(r, right, tolerance: Self.tolerance)
    guard let inverse = DenseAlgebra.inverseOfProduct(r, tolerance: Self.tolerance) else {
      return model
    }
    for column in targets {
      // What no regressor explains: the rest of the column.
      var square = 0.0
      for i in p..<all { square += factor[i, column] * factor[i, column] }
      let variance = square / Double(rowCount - p)
      var covariance = inverse
      for i in covariance.values.indices { covariance.values[i] *= variance }
      model.covariances.append(covariance)
    }
    return model
  }
}

extension DenseAlgebra {
  /// (Rᵀ R)⁻¹ on the directions that R knows.
  ///
  /// - Returns: nil if the singular values cannot be found.
  static func inverseOfProduct(_ r: Matrix, tolerance: Double) -> Matrix? {
    guard let (singular, vectors) = singular(r), let largest = singular.first else { return nil }
    let n = r.columns
    var scaled = vectors
    for (i, value) in singular.enumerated() {
      let factor = value > tolerance * largest ? 1 / value : 0
      for j in 0..<n { scaled[i, j] *= factor }
    }
    return scaled.transposed * scaled
  }
}
