import Glibc
import ReplanCore
public import ReplanRecord

/// Whether a model may replace the one in use, and why.
public struct Promotion: Sendable, Equatable {
  /// What it is refused for; nil if for nothing.
  public let objection: String?
  /// Error of the candidate over that of the model in use, the geometric mean over the channels, one a
  /// horizon; empty where there is nothing to compare with.
  public let ratios: [Double]

  /// Fewer of the measured values inside the 90 % interval say that the model is too sure of itself.
  public static let leastCoverage = 0.5

  /// Compares two models that were judged on the same episodes.
  ///
  /// - Parameters:
  ///   - running: the errors of the model in use; nil if there is none.
  ///   - worse: the factor by which the candidate may be worse.
  ///   - demandsCalibration: whether intervals are held against their promise.
  public init(
    candidate: ModelProvenance.Errors?, running: ModelProvenance.Errors?, worse: Double,
    demandsCalibration: Bool
  ) {
    guard let candidate else {
      (objection, ratios) = (nil, [])
      return
    }
    guard candidate.rmse.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      (objection, ratios) = ("its predictions leave the numbers", [])
      return
    }
    let found = running.map { Self.ratios(candidate, $0) } ?? []
    ratios = found
    let worst = found.indices.max { found[$0] < found[$1] }
    if let worst, found[worst] > worse {
      let steps = candidate.steps[worst]
      objection =
        "it predicts worse than the model in use, by a factor of "
        + Self.text(found[worst]) + " over \(steps) tick\(steps == 1 ? "" : "s")"
    } else if demandsCalibration, let shares = candidate.coverage90, !shares.isEmpty,
      case let coverage = shares.reduce(0, +) / Double(shares.count),
      coverage < Self.leastCoverage
    {
      // Over all horizons: a single tick's error is mostly the sensor's noise, which no model predicts.
      objection =
        "only \(Int((100 * coverage).rounded())) % of what was measured lies inside its 90 % intervals"
    } else {
      objection = nil
    }
  }

  private static func ratios(
    _ candidate: ModelProvenance.Errors, _ running: ModelProvenance.Errors
  ) -> [Double] {
    candidate.steps.indices.map { h in
      guard let other = running.steps.firstIndex(of: candidate.steps[h]) else { return 1 }
      let logarithms = zip(candidate.rmse[h], running.rmse[other]).map { new, old -> Double in
        // What both predict exactly compares as equal.
        let (new, old) = (max(new, 1e-12), max(old, 1e-12))
        // A model in use that left the numbers is beaten by any that did not, and by no more than this.
        return log(old.isFinite ? new / old : 1e-3)
      }
      return exp(logarithms.reduce(0, +) / Double(max(logarithms.count, 1)))
    }
  }

  private static func text(_ value: Double) -> String {
    let hundredths = Int((100 * min(value, 1e6)).rounded())
    let part = hundredths % 100
    return "\(hundredths / 100).\(part < 10 ? "0" : "")\(part)"
  }
}
