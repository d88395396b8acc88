/// Fits the chosen candidate to all records, in their own units.
struct LinearResult {
  var candidate: LinearCandidate
  /// In the records' units, its history with the inputs' delay in it.
  var model: HistoryModel
  var stabilization: Stabilization.Result?
  /// Wall time of the fit alone, s.
  var seconds: Double

  /// Parts that are left out in turn, where a method has no covariance of its own.
  static let leftOut = 8

  /// - Parameters:
  ///   - records: in their own units, inputs delayed.
  ///   - scaling: of these records.
  init?(
    _ candidate: LinearCandidate, _ records: [LinearRecord], _ scaling: RecordScaling, outputs: Int,
    _ settings: LinearSettings
  ) {
    let scaled = records.map(scaling.applied)
    let longest = candidate.method == .arx ? candidate.history : 0
    let fits = LinearFits(scaled, outputs: outputs, settings, longest: longest)
    var fitted: HistoryModel?
    let time = ContinuousClock().measure { fitted = fits.model(candidate) }
    guard var found = fitted else { return nil }
    seconds = time / .seconds(1)
    if found.covariances.isEmpty {
      found.covariances = Self.jackknife(candidate, scaled, outputs, settings, like: found)
    }
    if settings.isStable {
      stabilization = Stabilization.applied(to: found, scaled)
      if let stabilization { found = stabilization.model }
    }
    self.candidate = candidate
    model = found.unscaled(scaling).delayed(settings.inputDelay)
  }

  /// Covariances from how the coefficients move when one part after the other is left out.
  ///
  /// - Source: Efron and Stein 1981, doi 10.1214/aos/1176345462, with blocks for single samples.
  private static func jackknife(
    _ candidate: LinearCandidate, _ records: [LinearRecord], _ outputs: Int,
    _ settings: LinearSettings, like model: HistoryModel
  ) -> [Matrix] {
    let least = 4 * (candidate.history + 2)
    let pieces = records.flatMap { record in
      let count = max(1, min(leftOut, record.count / least))
      return (0..<count).map {
        record.part($0 * record.count / count..<($0 + 1) * record.count / count)
      }
    }
    let parts = min(leftOut, pieces.count)
    guard parts >= 3 else { return [] }
    var all: [Matrix] = []
    for part in 0..<parts {
      let others = pieces.indices.filter { $0 % parts != part }.map { pieces[$0] }
      let fits = LinearFits(others, outputs: outputs, settings, longest: candidate.history)
      guard let found = fits.model(candidate) else { return [] }
      all.append(found.coefficients)
    }
    let (p, count) = (model.regressorCount, Double(parts))
    return (0..<model.targetCount).map { target in
      var covariance = Matrix(rows: p, columns: p)
      let means = (0..<p).map { i in all.reduce(0) { $0 + $1[i, target] } / count }
      for found in all {
        for j in 0..<p {
          for i in 0..<p {
            covariance[i, j] +=
              (count - 1) / count * (found[i, target] - means[i]) * (found[j, target] - means[j])
          }
        }
      }
      return covariance
    }
  }
}
