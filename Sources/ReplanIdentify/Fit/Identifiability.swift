/// What the data tell of the parameters, by the singular values of the scaled Jacobian.
///
/// Each column is scaled by its parameter's size, so that a singular value is one over the relative
/// uncertainty along its direction.
public struct Identifiability: Sendable, Equatable {
  /// Parameters that the data cannot tell apart: along a combination of them the prediction does not
  /// change at all. Indices into the free parameters; one alone shows nowhere.
  public var confounded: [[Int]] = []
  /// Pairs whose estimates hardly move apart, with their correlation.
  public var correlated: [(first: Int, second: Int, correlation: Double)] = []
  /// Largest over smallest singular value.
  public var condition = 1.0

  /// Below so much of the largest a singular value is zero: differences of predictions in double
  /// precision end there.
  static let singularShare = 1e-8
  /// What a direction's largest entries are compared with.
  static let notable = 0.2
  static let correlationLimit = 0.98

  public static func == (a: Identifiability, b: Identifiability) -> Bool {
    a.confounded == b.confounded && a.condition == b.condition
      && a.correlated.elementsEqual(b.correlated) { $0 == $1 }
  }
}

/// The estimates' covariance, and what it could not be told of.
struct Covariance {
  /// Of the free parameters [F × F]; zero in rows and columns of confounded ones.
  let values: Matrix
  let identifiability: Identifiability

  /// - Parameters:
  ///   - reduced: without damping, in units of the noise.
  ///   - scales: sizes of the free parameters, above 0.
  init?(_ reduced: ReducedProblem, scales: [Double]) {
    let count = reduced.matrix.columns
    var scaled = reduced.matrix
    for j in 0..<count {
      for i in 0..<scaled.rows { scaled[i, j] *= scales[j] }
    }
    let (r, _) = DenseAlgebra.triangularized(
      scaled, applyingTo: Matrix(rows: scaled.rows, columns: 0))
    var upper = Matrix(rows: count, columns: count)
    for j in 0..<count {
      for i in 0...j { upper[i, j] = r[i, j] }
    }
    guard upper.values.allSatisfy(\.isFinite),
      let (singular, vectors) = DenseAlgebra.singular(upper),
      let largest = singular.first, largest > 0
    else { return nil }
    var told = Identifiability()
    told.condition = largest / max(singular.last ?? 0, largest * 1e-300)
    var values = Matrix(rows: count, columns: count)
    var isConfounded = [Bool](repeating: false, count: count)
    for (i, value) in singular.enumerated() {
      guard value > largest * Identifiability.singularShare else {
        let group = (0..<count).filter { vectors[i, $0].magnitude > Identifiability.notable }
        told.confounded.append(group)
        for j in group { isConfounded[j] = true }
        continue
      }
      for a in 0..<count {
        for b in 0..<count {
          values[a, b] +=
            vectors[i, a] * vectors[i, b] / (value * value) * scales[a] * scales[b]
        }
      }
    }
    for a in 0..<count {
      for b in 0..<count where isConfounded[a] || isConfounded[b] { values[a, b] = 0 }
    }
    for a in 0..<count {
      for b in (a + 1)..<max(count, a + 1) where values[a, a] > 0 && values[b, b] > 0 {
        let correlation = values[a, b] / (values[a, a] * values[b, b]).squareRoot()
        if correlation.magnitude > Identifiability.correlationLimit {
          told.correlated.append((a, b, correlation))
        }
      }
    }
    self.values = values
    identifiability = told
  }

  /// The change of the free parameters that least squares ask for, bounds or not; none of those that the
  /// data do not tell.
  func step(to reduced: ReducedProblem) -> [Double] {
    let columns = 0..<reduced.matrix.columns
    let slopes = columns.map { j in
      (0..<reduced.matrix.rows).reduce(0.0) { $0 + reduced.matrix[$1, j] * reduced.right[$1] }
    }
    return columns.map { a in columns.reduce(0.0) { $0 + values[a, $1] * slopes[$1] } }
  }
}
