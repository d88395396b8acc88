extension StateSpace {
  /// The state space of a model of past samples, with noise of the measurement alone.
  ///
  /// The observer form: its state holds what the samples so far will add to each of the next outputs.
  ///
  /// - Parameter noise: deviation of each output's measurement.
  init(_ model: HistoryModel, noise deviations: [Double]) {
    let (ny, nu, lags) = (model.outputCount, model.inputCount, model.history + 1)
    a = Matrix(rows: ny * lags, columns: ny * lags)
    b = Matrix(rows: ny * lags, columns: nu)
    c = Matrix(rows: ny, columns: ny * lags)
    stateOffset = [Double](repeating: 0, count: ny * lags)
    outputOffset = [Double](repeating: 0, count: ny)
    noise = Matrix(rows: ny * lags + ny, columns: ny * lags + ny)
    for i in 0..<ny {
      c[i, i] = 1
      stateOffset[i] = model.coefficients[0, i]
      noise[ny * lags + i, ny * lags + i] = deviations[i] * deviations[i]
      for lag in 0..<lags {
        let row = lag * ny + i
        for j in 0..<ny { a[row, j] = model.coefficients[model.place(output: j, lag: lag), i] }
        for j in 0..<nu { b[row, j] = model.coefficients[model.place(input: j, lag: lag), i] }
        if lag + 1 < lags { a[row, row + ny] = 1 }
      }
    }
  }
}

extension OutputErrorFit.Result {
  /// The model with a longer history, which lets less of the measurement's noise through; covariances
  /// by the derivative of the coefficients of the one with respect to those of the other.
  func remembering(_ history: Int) -> HistoryModel? {
    guard history > model.history else { return model }
    func longer(_ model: HistoryModel) -> HistoryModel? {
      StateSpace(model, noise: noise).remembering(history)
    }
    guard var result = longer(model) else { return nil }
    let (from, to) = (model.regressorCount, result.regressorCount)
    guard !model.covariances.isEmpty else { return result }
    // Every target of the longer model depends on the coefficients of all targets of the shorter.
    result.covariances = result.coefficients.columnsZero(to)
    for source in 0..<model.targetCount {
      var slopes = [Matrix](
        repeating: Matrix(rows: to, columns: from), count: result.targetCount)
      for row in 0..<from {
        let step = max(1e-6, 1e-3 * model.covariances[source][row, row].squareRoot())
        var trial = model
        trial.coefficients[row, source] += step
        guard let moved = longer(trial) else { return result }
        for target in slopes.indices {
          for i in 0..<to {
            slopes[target][i, row] =
              (moved.coefficients[i, target] - result.coefficients[i, target]) / step
          }
        }
      }
      for target in slopes.indices {
        result.covariances[target] =
          result.covariances[target]
          + slopes[target] * model.covariances[source] * slopes[target].transposed
      }
    }
    return result
  }
}

extension Matrix {
  /// For each column a square matrix of zeros.
  fileprivate func columnsZero(_ size: Int) -> [Matrix] {
    (0..<columns).map { _ in Matrix(rows: size, columns: size) }
  }
}
