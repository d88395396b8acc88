/// The posterior of the weights of a Bayesian linear regression, N(mean, (α I + Φᵀ B Φ)⁻¹), for known
/// noise; the prior's precision α by its evidence.
///
/// - Source: MacKay 1992, Bayesian interpolation, doi 10.1162/neco.1992.4.3.415; Bishop 2006, Pattern
///   Recognition and Machine Learning, equations 3.49 to 3.54 and 3.91 to 3.92.
struct LinearPosterior {
  let eigen: SymmetricEigen
  /// Prior precision.
  let alpha: Double
  /// In the basis of the eigenvectors.
  private let meanInBasis: [Double]

  /// - Parameters:
  ///   - gram: Φᵀ B Φ, the features weighed by their noise's precision; column after column.
  ///   - moment: Φᵀ B y.
  ///   - alpha: nil to maximise the evidence.
  /// - Returns: nil if the eigenvalues are not found.
  init?(gram: [Double], moment: [Double], alpha: Double? = nil) {
    guard let eigen = SymmetricEigen(gram, order: moment.count) else { return nil }
    self.eigen = eigen
    let values = eigen.values.map { max($0, 0) }
    let projected = eigen.projected(moment)
    func mean(_ alpha: Double) -> [Double] { zip(projected, values).map { $0 / ($1 + alpha) } }
    var current = alpha ?? 1
    if alpha == nil {
      for _ in 0..<Self.mostRounds {
        let determined = values.reduce(0) { $0 + $1 / ($1 + current) }
        let square = mean(current).reduce(0) { $0 + $1 * $1 }
        let next = min(
          max(determined / max(square, 1e-12), Self.bounds.lowerBound), Self.bounds.upperBound)
        let isFound = (next - current).magnitude <= 1e-6 * current
        current = next
        if isFound { break }
      }
    }
    self.alpha = current
    meanInBasis = mean(current)
  }

  private static let mostRounds = 100
  /// Of features of about unit size: weights are between a hundredth and a hundred.
  private static let bounds = 1e-4...1e4

  var mean: [Double] { eigen.combined(meanInBasis) }

  /// A sample from standard normal numbers, one a weight.
  func sample(_ normals: [Double]) -> [Double] {
    eigen.combined(
      meanInBasis.indices.map {
        meanInBasis[$0] + normals[$0] / (alpha + max(eigen.values[$0], 0)).squareRoot()
      })
  }

  /// Variance of the regression's value at some features, without noise.
  func variance(at features: [Double]) -> Double {
    zip(eigen.projected(features), eigen.values).reduce(0) {
      $0 + $1.0 * $1.0 / (alpha + max($1.1, 0))
    }
  }
}
