/// A first guess for output error: instrumental variables, which noise of the measurement does not bias.
///
/// The instruments are the outputs that a least-squares model simulates: like what was measured, and
/// without its noise.
///
/// - Source: Söderström and Stoica 1983, Instrumental Variable Methods for System Identification; Ljung
///   1999, section 7.6.
struct InstrumentalVariables {
  /// - Returns: nil if the simulation runs away or the instruments tell too little.
  static func fitted(_ records: [LinearRecord], from model: HistoryModel) -> HistoryModel? {
    let (history, p) = (model.history, model.regressorCount)
    var products = Matrix(rows: p, columns: p)
    var sides = Matrix(rows: p, columns: model.targetCount)
    var (row, instruments) = ([Double](repeating: 0, count: p), [Double](repeating: 0, count: p))
    for record in records where record.count > 2 * (history + 1) {
      let simulated = model.simulated(record, from: history, steps: record.count - history - 1)
      guard simulated.allSatisfy(\.isFinite) else { return nil }
      var clean = LinearRecord(outputCount: record.outputCount, inputCount: record.inputCount)
      for k in 0..<record.count {
        clean.append(
          output: (0..<record.outputCount).map {
            k <= history || $0 >= model.outputCount
              ? record.output(k, $0)
              : simulated[(k - history - 1) * model.outputCount + $0]
          }, input: (0..<record.inputCount).map { record.input(k, $0) })
      }
      for k in history..<record.count - 1 {
        HistoryModel.regressors(record, k, outputs: model.outputCount, history: history) {
          row[$0] = $1
        }
        HistoryModel.regressors(clean, k, outputs: model.outputCount, history: history) {
          instruments[$0] = $1
        }
        for j in 0..<p {
          for i in 0..<p { products[i, j] += instruments[i] * row[j] }
        }
        for target in 0..<model.targetCount {
          let value = HistoryModel.target(record, k, target, outputs: model.outputCount)
          for i in 0..<p { sides[i, target] += instruments[i] * value }
        }
      }
    }
    guard let solution = DenseAlgebra.solved(products, sides) else { return nil }
    var result = model
    result.coefficients = solution
    result.covariances = []
    return result
  }
}
