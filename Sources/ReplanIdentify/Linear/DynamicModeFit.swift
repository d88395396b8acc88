/// Dynamic mode decomposition with control: least squares on the directions that carry the motion.
///
/// The whole state is taken to be measured. States and inputs are reduced to their leading `order` +
/// inputs directions, next states to their leading `order`; what is left out is taken for noise.
///
/// - Source: Proctor, Brunton, Kutz 2016, doi 10.1137/15M1013857.
struct DynamicModeFit {
  let outputCount: Int
  let incrementCount: Int
  let inputCount: Int
  private let rowCount: Int
  private let factor: Matrix

  init(_ records: [LinearRecord], outputs: Int) {
    let first = records[0]
    outputCount = outputs
    incrementCount = first.outputCount - outputs
    inputCount = first.inputCount
    let regressors = 1 + outputs + first.inputCount
    var stack = RowStack(columns: regressors + first.outputCount)
    for record in records where record.count > 1 {
      for k in 0..<record.count - 1 {
        stack.append { set in
          HistoryModel.regressors(record, k, outputs: outputs, history: 0, set)
          for channel in 0..<record.outputCount {
            set(regressors + channel, HistoryModel.target(record, k, channel, outputs: outputs))
          }
        }
      }
    }
    rowCount = stack.rowCount
    factor = stack.factor()
  }

  /// - Parameter order: directions of the state that are kept, 1 to `outputCount`.
  func model(order: Int) -> HistoryModel? {
    var model = HistoryModel(
      outputCount: outputCount, incrementCount: incrementCount, inputCount: inputCount, history: 0)
    let (p, all) = (model.regressorCount, factor.columns)
    guard rowCount > 2 * p, order >= 1, order <= outputCount else { return nil }
    // The constant is no direction of the motion: it is taken out before, and put back behind.
    let from = factor.part(rows: 1..<p, columns: 1..<p)
    let to = factor.part(rows: 1..<all, columns: p..<all)
    guard let (left, values, right) = DenseAlgebra.decomposed(from),
      let (_, _, modes) = DenseAlgebra.decomposed(
        factor.part(rows: 1..<all, columns: p..<p + outputCount))
    else { return nil }
    let kept = min(order + inputCount, values.filter { $0 > 1e-9 * values[0] }.count)
    var scaled = right.part(rows: 0..<kept, columns: 0..<p - 1)
    for i in 0..<kept {
      for j in 0..<p - 1 { scaled[i, j] /= values[i] }
    }
    let projected =
      left.part(rows: 0..<p - 1, columns: 0..<kept).transposed
      * to.part(rows: 0..<p - 1, columns: 0..<model.targetCount)
    var slopes = scaled.transposed * projected
    let leading = modes.part(rows: 0..<order, columns: 0..<outputCount)
    let states = slopes.part(rows: 0..<p - 1, columns: 0..<outputCount)
    slopes.set(states * leading.transposed * leading, row: 0, column: 0)
    model.coefficients.set(slopes, row: 1, column: 0)
    setConstants(&model, slopes)
    setCovariances(&model, slopes, scaled, from, to)
    return model
  }

  private func setConstants(_ model: inout HistoryModel, _ slopes: Matrix) {
    let p = model.regressorCount
    for target in 0..<model.targetCount {
      var mean = factor[0, p + target]
      for i in 1..<p { mean -= factor[0, i] * slopes[i - 1, target] }
      model.coefficients[0, target] = mean / factor[0, 0]
    }
  }

  /// Of least squares on the kept directions; what leaving out the others bends is not in it.
  private func setCovariances(
    _ model: inout HistoryModel, _ slopes: Matrix, _ scaled: Matrix, _ from: Matrix, _ to: Matrix
  ) {
    let p = model.regressorCount
    let rest = to.part(rows: 0..<p - 1, columns: 0..<model.targetCount) - from * slopes
    for target in 0..<model.targetCount {
      var square = 0.0
      for i in 0..<p - 1 { square += rest[i, target] * rest[i, target] }
      for i in p - 1..<to.rows { square += to[i, target] * to[i, target] }
      let variance = square / Double(rowCount - p)
      var covariance = scaled.transposed * scaled
      for i in covariance.values.indices { covariance.values[i] *= variance }
      var whole = Matrix(rows: p, columns: p)
      whole.set(covariance, row: 1, column: 1)
      // c = mean of the target − slopes · means of the regressors.
      var map = Matrix(rows: 1, columns: p - 1)
      for i in 1..<p { map[0, i - 1] = -factor[0, i] / factor[0, 0] }
      let cross = map * covariance
      whole[0, 0] = (cross * map.transposed)[0, 0] + variance / Double(rowCount)
      whole.set(cross, row: 0, column: 1)
      whole.set(cross.transposed, row: 1, column: 0)
      model.covariances.append(whole)
    }
  }
}
