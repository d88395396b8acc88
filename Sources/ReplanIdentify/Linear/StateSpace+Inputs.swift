extension StateSpace {
  /// The same A and C with B, the offset and the records' initial states that simulate the records best.
  ///
  /// The simulated output is linear in all of them. Regression of states that were themselves estimated
  /// from the past, the alternative, loses its footing where inputs change slowly: then past and present
  /// inputs say nearly the same.
  ///
  /// - Source: Verhaegen 1994, doi 10.1016/0005-1098(94)90229-1, section 4; Ljung 1999, equation 10.123.
  /// - Returns: nil for a plant that runs away, whose first samples would weigh nothing.
  func refittingInputs(_ records: [LinearRecord], mostSamples: Int) -> StateSpace? {
    guard DenseAlgebra.spectralRadius(a) < 1 else { return nil }
    let (n, ny, nu) = (order, outputCount, inputCount)
    let count = n * nu + ny
    var stack = RowStack(columns: count + 1)
    var left = mostSamples
    for record in records where record.count > 2 * n && left > 0 {
      left -= record.count
      let factor = simulationFactor(record)
      for row in n..<factor.rows {
        stack.append { set in
          for column in 0...count { set(column, factor[row, n + column]) }
        }
      }
    }
    guard stack.rowCount > 0 else { return nil }
    let all = stack.factor()
    let solution = DenseAlgebra.leastSquares(
      all.part(rows: 0..<count, columns: 0..<count),
      all.part(rows: 0..<count, columns: count..<count + 1), tolerance: 1e-10)
    guard solution.values.allSatisfy(\.isFinite) else { return nil }
    var result = self
    for j in 0..<nu {
      for i in 0..<n { result.b[i, j] = solution[j * n + i, 0] }
    }
    result.stateOffset = [Double](repeating: 0, count: n)
    result.outputOffset = (0..<ny).map { solution[n * nu + $0, 0] }
    return result
  }

  /// R of a record's derivatives by its initial state, by B and by the offset, and its outputs.
  private func simulationFactor(_ record: LinearRecord) -> Matrix {
    let (n, ny, nu) = (order, outputCount, inputCount)
    let width = n + n * nu + ny
    var stack = RowStack(columns: width + 1)
    // What each of them makes of the state.
    var states = Matrix(rows: n, columns: n + n * nu)
    states.set(.identity(n), row: 0, column: 0)
    for k in 0..<record.count {
      let outputs = c * states
      for i in 0..<ny {
        stack.append { set in
          for column in 0..<outputs.columns { set(column, outputs[i, column]) }
          set(n + n * nu + i, 1)
          set(width, record.output(k, i))
        }
      }
      states = a * states
      for j in 0..<nu {
        for i in 0..<n { states[i, n + j * n + i] += record.input(k, j) }
      }
    }
    return stack.factor()
  }
}
