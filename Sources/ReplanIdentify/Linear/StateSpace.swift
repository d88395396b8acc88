/// A linear model with a state of its own: x(k+1) = A x + B u + b + w, y(k) = C x + d + v.
struct StateSpace: Sendable {
  /// A [n × n], B [n × input], C [output × n].
  var a: Matrix
  var b: Matrix
  var c: Matrix
  /// b [n] and d [output].
  var stateOffset: [Double]
  var outputOffset: [Double]
  /// Covariance of [w; v], each from sample to sample anew [(n + output) × (n + output)].
  var noise: Matrix

  var order: Int { a.rows }
  var outputCount: Int { c.rows }
  var inputCount: Int { b.columns }

  /// A model without observer: the best linear unbiased prediction from the last samples alone.
  ///
  /// Whatever the state at the first of them was, in the noise's absence the prediction is exact; of all
  /// such predictions it is the one of least variance. With the noise unknown it would be a deadbeat
  /// observer, which needs as many samples as the order asks for; more samples let less of the noise
  /// through.
  ///
  /// - Parameter history: samples before the present one.
  /// - Source: minimum-variance unbiased filter of finite memory: Kwon, Kim, Park 1999,
  ///   doi 10.1109/9.754825; generalised least squares of Aitken.
  /// - Returns: nil if so few samples do not tell the state.
  func remembering(_ history: Int) -> HistoryModel? {
    let (ny, n) = (outputCount, order)
    let rows = (history + 1) * ny
    guard rows >= n else { return nil }
    let responses = Responses(self, samples: history + 2)
    var stacked = Matrix(rows: rows, columns: responses.known[0].columns)
    var disturbed = Matrix(rows: rows, columns: responses.byNoise[0].columns)
    for sample in 0...history {
      stacked.set(responses.known[sample], row: sample * ny, column: 0)
      disturbed.set(responses.byNoise[sample], row: sample * ny, column: 0)
    }
    let (next, nextByNoise) = (responses.known[history + 1], responses.byNoise[history + 1])
    guard let weights = weights(stacked, disturbed, next, nextByNoise) else { return nil }
    return assembled(weights, stacked, next, history: history)
  }

  /// W of ŷ = W Y for outputs Y less what the inputs made of them [output × rows].
  private func weights(
    _ stacked: Matrix, _ disturbed: Matrix, _ next: Matrix, _ nextByNoise: Matrix
  ) -> Matrix? {
    let (n, rows) = (order, stacked.rows)
    let repeated = repeatedNoise(disturbed.columns / (n + outputCount))
    let shared = disturbed * repeated
    var covariance = shared * disturbed.transposed
    // Where the plant is free of noise any weighting is right; a trace of it keeps the factor finite.
    var mean = 0.0
    for i in 0..<rows { mean += covariance[i, i] / Double(rows) }
    for i in 0..<rows { covariance[i, i] += max(1e-6 * mean, 1e-12) }
    guard let l = DenseAlgebra.cholesky(covariance) else { return nil }
    let byState = stacked.part(rows: 0..<rows, columns: 0..<n)
    // Whitened by L⁻¹: state ≈ G Y.
    let inverse = DenseAlgebra.solved(lower: l, .identity(rows))
    let gain = DenseAlgebra.leastSquares(inverse * byState, inverse, tolerance: 1e-11)
    let nextByState = next.part(rows: 0..<outputCount, columns: 0..<n)
    let predicted = nextByState * gain
    // What the errors so far tell of the next one.
    let cross = (nextByNoise * repeated) * disturbed.transposed
    let told = cross * (inverse.transposed * inverse)
    return predicted + told - told * (byState * gain)
  }

  /// The covariance of the noise of all samples, one after the other.
  private func repeatedNoise(_ count: Int) -> Matrix {
    let size = noise.rows
    var result = Matrix(rows: count * size, columns: count * size)
    for sample in 0..<count { result.set(noise, row: sample * size, column: sample * size) }
    return result
  }

  private func assembled(
    _ weights: Matrix, _ stacked: Matrix, _ next: Matrix, history: Int
  ) -> HistoryModel {
    let (ny, nu, n) = (outputCount, inputCount, order)
    var model = HistoryModel(
      outputCount: ny, incrementCount: 0, inputCount: nu, history: history)
    // What inputs and offsets add to the next output, less what they added to those it is told from.
    let known =
      next.part(rows: 0..<ny, columns: n..<next.columns)
      - weights * stacked.part(rows: 0..<stacked.rows, columns: n..<stacked.columns)
    for target in 0..<ny {
      model.coefficients[0, target] = known[target, 0]
      for lag in 0...history {
        let sample = history - lag
        for j in 0..<ny {
          model.coefficients[model.place(output: j, lag: lag), target] =
            weights[target, sample * ny + j]
        }
        for j in 0..<nu {
          model.coefficients[model.place(input: j, lag: lag), target] =
            known[target, 1 + sample * nu + j]
        }
      }
    }
    return model
  }
}

/// How outputs depend on the state at the first sample, the offsets, the inputs and the noise since.
private struct Responses {
  /// For each sample [output × (n + 1 + samples · inputs)]: by the first state, by the offsets, by each
  /// sample's inputs.
  private(set) var known: [Matrix] = []
  /// For each sample [output × samples · (n + output)]: by each sample's [w; v].
  private(set) var byNoise: [Matrix] = []

  init(_ space: StateSpace, samples: Int) {
    let (n, ny, nu) = (space.order, space.outputCount, space.inputCount)
    var state = Matrix(rows: n, columns: n + 1 + samples * nu)
    state.set(.identity(n), row: 0, column: 0)
    var disturbed = Matrix(rows: n, columns: samples * (n + ny))
    for sample in 0..<samples {
      var output = space.c * state
      for i in 0..<ny { output[i, n] += space.outputOffset[i] }
      known.append(output)
      var noisy = space.c * disturbed
      for i in 0..<ny { noisy[i, sample * (n + ny) + n + i] += 1 }
      byNoise.append(noisy)
      state = space.a * state
      for i in 0..<n { state[i, n] += space.stateOffset[i] }
      state.set(space.b, row: 0, column: n + 1 + sample * nu)
      disturbed = space.a * disturbed
      disturbed.set(.identity(n), row: 0, column: sample * (n + ny))
    }
  }
}
