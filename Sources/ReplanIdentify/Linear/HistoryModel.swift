/// A linear model whose state is what was seen: the next outputs from the last outputs and inputs.
///
///     y(k+1) = Σ A_j y(k−j) + Σ B_j u(k−j) + c,  j = 0 … N
///
/// No observer is needed to run it. Outputs that nothing depends on, the increments, come last: for
/// them the model says how much they change, and no past of theirs is looked at.
///
/// - Source: Ljung 1999, System Identification, section 4.2 (ARX), with several outputs.
public struct HistoryModel: Sendable, Equatable {
  /// Outputs whose past counts.
  public let outputCount: Int
  /// Outputs of which the change is predicted.
  public let incrementCount: Int
  public let inputCount: Int
  /// N: how many samples before the present one count.
  public let history: Int
  /// Shape [regressor × target]; regressors are 1, then for each j the outputs and the inputs.
  var coefficients: Matrix
  /// Covariance of each target's coefficients [regressor × regressor]; empty if it was not found.
  var covariances: [Matrix] = []

  init(outputCount: Int, incrementCount: Int, inputCount: Int, history: Int) {
    self.outputCount = outputCount
    self.incrementCount = incrementCount
    self.inputCount = inputCount
    self.history = history
    let regressors = 1 + (history + 1) * (outputCount + inputCount)
    coefficients = Matrix(rows: regressors, columns: outputCount + incrementCount)
  }

  var targetCount: Int { outputCount + incrementCount }
  var regressorCount: Int { coefficients.rows }

  /// Where the coefficient of an output or an input stands.
  func place(output: Int, lag: Int) -> Int { 1 + lag * (outputCount + inputCount) + output }
  func place(input: Int, lag: Int) -> Int {
    1 + lag * (outputCount + inputCount) + outputCount + input
  }

  /// What the prediction of sample k + 1 rests on.
  static func regressors(
    _ record: LinearRecord, _ k: Int, outputs: Int, history: Int, _ set: (Int, Double) -> Void
  ) {
    set(0, 1)
    var place = 1
    for lag in 0...history {
      for channel in 0..<outputs {
        set(place, record.output(k - lag, channel))
        place += 1
      }
      for channel in 0..<record.inputCount {
        set(place, record.input(k - lag, channel))
        place += 1
      }
    }
  }

  /// What sample k + 1 is to be: outputs, then by how much the others change.
  static func target(_ record: LinearRecord, _ k: Int, _ channel: Int, outputs: Int) -> Double {
    channel < outputs
      ? record.output(k + 1, channel)
      : record.output(k + 1, channel) - record.output(k, channel)
  }

  /// Outputs whose past counts from sample `first` on, simulated: of the record nothing but its
  /// inputs and the samples up to `first` are used.
  ///
  /// - Returns: [step × output], for samples `first` + 1 on; may leave the numbers.
  func simulated(_ record: LinearRecord, from first: Int, steps: Int) -> [Double] {
    precondition(first >= history && first + steps < record.count)
    let (ny, nu, lags) = (outputCount, inputCount, history + 1)
    var past = [Double](repeating: 0, count: (lags + steps) * ny)
    for lag in 0..<lags {
      for i in 0..<ny { past[(history - lag) * ny + i] = record.output(first - lag, i) }
    }
    let height = coefficients.rows
    coefficients.values.withUnsafeBufferPointer { c in
      record.inputs.withUnsafeBufferPointer { inputs in
        past.withUnsafeMutableBufferPointer { past in
          for step in 0..<steps {
            for i in 0..<ny {
              var sum = c[i * height]
              var place = i * height + 1
              for lag in 0..<lags {
                let outputs = (history + step - lag) * ny
                for m in 0..<ny { sum += c[place + m] * past[outputs + m] }
                place += ny
                let row = (first + step - lag) * nu
                for m in 0..<nu { sum += c[place + m] * inputs[row + m] }
                place += nu
              }
              past[(lags + step) * ny + i] = sum
            }
          }
        }
      }
    }
    return Array(past[(lags * ny)...])
  }

  /// Squared one-step errors of each target, and how many there are.
  func oneStepErrors(_ records: [LinearRecord]) -> (squares: [Double], count: Int) {
    var squares = [Double](repeating: 0, count: targetCount)
    var count = 0
    var row = [Double](repeating: 0, count: regressorCount)
    for record in records where record.count > history + 1 {
      for k in history..<record.count - 1 {
        Self.regressors(record, k, outputs: outputCount, history: history) { row[$0] = $1 }
        count += 1
        for target in 0..<targetCount {
          var error = Self.target(record, k, target, outputs: outputCount)
          for i in row.indices { error -= coefficients[i, target] * row[i] }
          squares[target] += error * error
        }
      }
    }
    return (squares, count)
  }

  /// The transition of past outputs [outputs (N + 1)], inputs at rest.
  var companion: Matrix {
    let size = outputCount * (history + 1)
    var result = Matrix(rows: size, columns: size)
    for lag in 0...history {
      for i in 0..<outputCount {
        for j in 0..<outputCount {
          result[i, lag * outputCount + j] = coefficients[place(output: j, lag: lag), i]
        }
        if lag > 0 { result[lag * outputCount + i, (lag - 1) * outputCount + i] = 1 }
      }
    }
    return result
  }

  /// Largest magnitude of an eigenvalue: below 1, a free motion dies out.
  public var spectralRadius: Double {
    outputCount == 0 ? 0 : DenseAlgebra.spectralRadius(companion)
  }

  /// The same model for inputs that come into force `samples` later than those it was fitted to.
  func delayed(_ samples: Int) -> HistoryModel {
    guard samples > 0 else { return self }
    var result = HistoryModel(
      outputCount: outputCount, incrementCount: incrementCount, inputCount: inputCount,
      history: history + samples)
    var places = [0]
    for lag in 0...history {
      places += (0..<outputCount).map { result.place(output: $0, lag: lag) }
      places += (0..<inputCount).map { result.place(input: $0, lag: lag + samples) }
    }
    result.coefficients = coefficients.spread(to: places, height: result.regressorCount)
    result.covariances = covariances.map { $0.spread(on: places, size: result.regressorCount) }
    return result
  }

  /// The model in the records' own units, of one that was fitted to scaled records.
  func unscaled(_ scaling: RecordScaling) -> HistoryModel {
    var result = self
    for target in 0..<targetCount {
      let size = scaling.outputSizes[target]
      // Row 0: the constant takes up what the means of all regressors make of them.
      var map = Matrix(rows: regressorCount, columns: regressorCount)
      map[0, 0] = size
      for lag in 0...history {
        for j in 0..<outputCount {
          let p = place(output: j, lag: lag)
          map[p, p] = size / scaling.outputSizes[j]
          map[0, p] = -map[p, p] * scaling.outputMeans[j]
        }
        for j in 0..<inputCount {
          let p = place(input: j, lag: lag)
          map[p, p] = size / scaling.inputSizes[j]
          map[0, p] = -map[p, p] * scaling.inputMeans[j]
        }
      }
      let column = map * coefficients.part(rows: 0..<regressorCount, columns: target..<target + 1)
      result.coefficients.set(column, row: 0, column: target)
      // The mean of an output comes back; that of one whose change is predicted has no part in it.
      if target < outputCount { result.coefficients[0, target] += scaling.outputMeans[target] }
      if !covariances.isEmpty {
        result.covariances[target] = map * covariances[target] * map.transposed
      }
    }
    return result
  }
}

extension Matrix {
  /// The rows at other places of a taller matrix.
  fileprivate func spread(to places: [Int], height: Int) -> Matrix {
    var result = Matrix(rows: height, columns: columns)
    for j in 0..<columns {
      for (i, place) in places.enumerated() { result[place, j] = self[i, j] }
    }
    return result
  }

  /// Rows and columns at other places of a larger matrix.
  fileprivate func spread(on places: [Int], size: Int) -> Matrix {
    var result = Matrix(rows: size, columns: size)
    for (j, column) in places.enumerated() {
      for (i, row) in places.enumerated() { result[row, column] = self[i, j] }
    }
    return result
  }
}
