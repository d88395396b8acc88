/// Subspace identification: the state space from the geometry of past and future samples.
///
/// Past inputs and outputs tell the future outputs through the state alone; so once what future inputs
/// add is projected out, the rank of what the past tells is the order, and its range that of the
/// observability matrix. A and C follow by shift invariance, B and
/// the offsets by least squares on the states; `StateSpace.refittingInputs` betters these.
///
/// - Source: Van Overschee and De Moor 1996, Subspace Identification for Linear Systems, chapters 4 and
///   6 (combined algorithms, canonical variate weighting); Verhaegen 1994, doi 10.1016/0005-1098(94)90229-1
///   (PO-MOESP); states from the past: Larimore 1990, doi 10.1109/CDC.1990.203665.
struct SubspaceFit {
  /// How directions of future outputs are weighed.
  enum Weighting: String, Sendable, CaseIterable {
    /// By their variance: what is large counts.
    case moesp
    /// By how well the past tells them: canonical correlations.
    case cva
  }

  let outputCount: Int
  let inputCount: Int
  /// Samples of past and of future that are looked at.
  let blocks: Int
  let columnCount: Int
  /// Rᵀ [row × row] of rows: 1 and future inputs; past inputs and outputs; future outputs. Lower triangle.
  private let l: Matrix

  /// More columns tell little more: of longer records every n-th is taken.
  static let mostColumns = 20_000

  /// - Returns: nil if the records are too short for it.
  init?(_ records: [LinearRecord], blocks: Int) {
    let first = records[0]
    let (ny, nu) = (first.outputCount, first.inputCount)
    (outputCount, inputCount, self.blocks) = (ny, nu, blocks)
    let span = 2 * blocks
    let possible = records.reduce(0) { $0 + max(0, $1.count - span + 1) }
    let stride = max(1, possible / Self.mostColumns)
    // The last future outputs are told by the inputs before them.
    let rows = 1 + (blocks - 1) * nu + blocks * (ny + nu) + blocks * ny
    var stack = RowStack(columns: rows)
    for record in records where record.count >= span {
      for start in Swift.stride(from: 0, through: record.count - span, by: stride) {
        let present = start + blocks
        stack.append { set in
          set(0, 1)
          var row = 1
          for k in present..<present + blocks - 1 {
            for channel in 0..<nu {
              set(row, record.input(k, channel))
              row += 1
            }
          }
          for k in start..<present {
            for channel in 0..<nu {
              set(row, record.input(k, channel))
              row += 1
            }
            for channel in 0..<ny {
              set(row, record.output(k, channel))
              row += 1
            }
          }
          for k in present..<present + blocks {
            for channel in 0..<ny {
              set(row, record.output(k, channel))
              row += 1
            }
          }
        }
      }
    }
    columnCount = stack.rowCount
    guard columnCount > rows + rows / 2 else { return nil }
    l = stack.factor().transposed
  }

  // Places of the blocks of rows.
  private var known: Int { 1 + (blocks - 1) * inputCount }
  private var past: Int { blocks * (outputCount + inputCount) }

  private func futureInput(_ sample: Int) -> Range<Int> {
    1 + sample * inputCount..<1 + (sample + 1) * inputCount
  }

  private func futureOutput(_ sample: Int) -> Range<Int> {
    let start = known + past + sample * outputCount
    return start..<start + outputCount
  }

  /// What the past tells of the future, by direction; orders are cut from it.
  struct Directions {
    let weighting: Weighting
    /// Extended observability matrix, column by column in falling weight [blocks · output × k].
    fileprivate let observability: Matrix
    /// State directions from past inputs and outputs [k × past].
    fileprivate let fromPast: Matrix
    /// Singular values, falling: the order is where they drop.
    let singularValues: [Double]
  }

  /// - Returns: nil if the singular values cannot be found.
  func directions(_ weighting: Weighting) -> Directions? {
    let future = known + past..<known + past + blocks * outputCount
    let byPast = l.part(rows: future, columns: known..<known + past)
    let pastFactor = l.part(rows: known..<known + past, columns: known..<known + past)
    var weighted = byPast
    var weight: Matrix?
    if weighting == .cva {
      // W = L⁻¹ of the future outputs' covariance, future inputs projected out.
      let left = l.part(rows: future, columns: known..<l.columns)
      var covariance = left * left.transposed
      var mean = 0.0
      for i in 0..<covariance.rows { mean += covariance[i, i] / Double(covariance.rows) }
      for i in 0..<covariance.rows { covariance[i, i] += 1e-10 * mean }
      guard let factor = DenseAlgebra.cholesky(covariance) else { return nil }
      weight = factor
      weighted = DenseAlgebra.solved(lower: factor, byPast)
    }
    guard let (left, values, right) = DenseAlgebra.decomposed(weighted) else { return nil }
    var observability = left
    var states = right
    for (i, value) in values.enumerated() {
      let root = value.squareRoot()
      for row in 0..<left.rows { observability[row, i] *= root }
      for column in 0..<right.columns { states[i, column] *= root }
    }
    if let weight { observability = weight * observability }
    // The state is Σ^½ Vᵀ of the past's orthonormal rows; back to the past itself.
    let fromPast = DenseAlgebra.leastSquares(
      pastFactor.transposed, states.transposed, tolerance: 1e-10
    ).transposed
    return Directions(
      weighting: weighting, observability: observability, fromPast: fromPast, singularValues: values
    )
  }

  /// The state space of an order.
  ///
  /// - Returns: nil where the order is more than the data have directions for.
  func stateSpace(_ directions: Directions, order: Int) -> StateSpace? {
    let (ny, nu) = (outputCount, inputCount)
    guard order >= 1, order <= (blocks - 1) * ny, order <= directions.singularValues.count,
      directions.singularValues[order - 1] > 1e-12 * directions.singularValues[0]
    else { return nil }
    let rows = directions.observability.rows
    let gamma = directions.observability.part(rows: 0..<rows, columns: 0..<order)
    let c = gamma.part(rows: 0..<ny, columns: 0..<order)
    let a = DenseAlgebra.leastSquares(
      gamma.part(rows: 0..<rows - ny, columns: 0..<order),
      gamma.part(rows: ny..<rows, columns: 0..<order), tolerance: 1e-12)
    // States at the present sample and the next, as rows of combinations of all data rows.
    let state = combination(directions, order, at: 0)
    let next = combination(directions, order, at: 1)
    // x(k+1) − A x(k) on 1 and u(k); y(k) − C x(k) on 1.
    let left = next - a * state
    var inputs = Matrix(rows: 1 + nu, columns: l.columns)
    inputs.set(l.part(rows: 0..<1 + nu, columns: 0..<l.columns), row: 0, column: 0)
    let byInput = DenseAlgebra.leastSquares(inputs.transposed, left.transposed, tolerance: 1e-10)
      .transposed
    let seen = l.part(rows: futureOutput(0), columns: 0..<l.columns) - c * state
    let one = inputs.part(rows: 0..<1, columns: 0..<l.columns)
    let offset = DenseAlgebra.leastSquares(one.transposed, seen.transposed, tolerance: 1e-10)
      .transposed
    var rest = Matrix(rows: order + ny, columns: l.columns)
    rest.set(left - byInput * inputs, row: 0, column: 0)
    rest.set(seen - offset * one, row: order, column: 0)
    var noise = rest * rest.transposed
    for i in noise.values.indices { noise.values[i] /= Double(columnCount) }
    return StateSpace(
      a: a, b: byInput.part(rows: 0..<order, columns: 1..<1 + nu), c: c,
      stateOffset: (0..<order).map { byInput[$0, 0] },
      outputOffset: (0..<ny).map { offset[$0, 0] }, noise: noise)
  }

  /// The state from the past of the present sample or the next one, by the data rows' factor.
  private func combination(_ directions: Directions, _ order: Int, at shift: Int) -> Matrix {
    let (ny, nu) = (outputCount, inputCount)
    let fromPast = directions.fromPast.part(rows: 0..<order, columns: 0..<past)
    var rows = Matrix(rows: past, columns: l.columns)
    for sample in 0..<blocks {
      let source = sample + shift
      let place = sample * (nu + ny)
      let (inputRows, outputRows): (Range<Int>, Range<Int>)
      if source < blocks {
        let start = known + source * (nu + ny)
        (inputRows, outputRows) = (start..<start + nu, start + nu..<start + nu + ny)
      } else {
        (inputRows, outputRows) = (futureInput(source - blocks), futureOutput(source - blocks))
      }
      rows.set(l.part(rows: inputRows, columns: 0..<l.columns), row: place, column: 0)
      rows.set(l.part(rows: outputRows, columns: 0..<l.columns), row: place + nu, column: 0)
    }
    return fromPast * rows
  }
}
