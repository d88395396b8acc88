import Foundation
import ReplanCore
public import ReplanRecord

/// How well the mixture of an ensemble's members foretells transitions that it has not seen, and how
/// well their disagreement tells states apart that lie outside of the data.
public struct PosteriorFigures: Sendable, Equatable {
  /// Nominal shares of the central intervals that are told.
  public static let levels = [0.5, 0.9, 0.99]

  /// Negative log-likelihood of a transition, in nats: of all its outputs together, each in units of its
  /// usual change over a tick. The less the better; 1.42 for each output is the mean of the data.
  public var likelihood: Double
  /// Root mean squared error of the members' mean over outputs, in the same units.
  public var error: Double
  /// Share of the measured values inside central intervals of `levels`, outputs together.
  public var coverage: [Double]
  /// Mean distance of that share from the nominal one over intervals of 5 % to 95 %.
  public var calibrationError: Double
  /// Probability that disagreement is higher outside of the data than inside: 0.5 tells nothing, 1
  /// all. nil for a single member.
  public var detection: Double?
  /// Root mean squared disagreement and noise over outputs, in the units of the error.
  public var epistemic: Double
  public var aleatoric: Double
  public var transitions: Int

  /// - Parameters:
  ///   - heldOut: transitions that the model has not seen; at least one.
  ///   - outside: states and actions outside of the data; their next states are not looked at.
  public init(_ model: EnsembleModel, heldOut: TransitionSet, outside: TransitionSet) {
    precondition(heldOut.count > 0)
    let outputs = MemberOutputs(model, on: heldOut)
    transitions = heldOut.count
    likelihood = outputs.meanNegativeLogLikelihood
    var ranks: [Double] = []
    var (squares, between, within) = (0.0, 0.0, 0.0)
    for row in 0..<outputs.count {
      for j in 0..<outputs.outputs {
        ranks.append(outputs.rank(row, j))
        let distance = outputs.mean(row, j) - outputs.targets[row * outputs.outputs + j]
        squares += distance * distance
        between += outputs.disagreement(row, j)
        within += outputs.noise(row, j)
      }
    }
    let n = Double(ranks.count)
    error = (squares / n).squareRoot()
    epistemic = (between / n).squareRoot()
    aleatoric = (within / n).squareRoot()
    func inside(_ level: Double) -> Double {
      Double(ranks.count { ($0 - 0.5).magnitude <= level / 2 }) / n
    }
    coverage = Self.levels.map(inside)
    let nominal = (1...19).map { 0.05 * Double($0) }
    calibrationError =
      nominal.reduce(0) { $0 + (inside($1) - $1).magnitude } / Double(nominal.count)
    detection =
      model.shape.memberCount > 1 && outside.count > 0
      ? Self.separation(
        of: Calibration.disagreements(model, outside, Array(0..<outside.count)),
        from: Calibration.disagreements(model, heldOut, Array(0..<heldOut.count))) : nil
  }

  /// The area under the curve of true against false alarms: the share of pairs that are in order, equal
  /// ones counting half.
  ///
  /// - Source: Hanley and McNeil 1982, doi 10.1148/radiology.143.1.7063747.
  static func separation(of outside: [Float], from inside: [Float]) -> Double {
    let sorted = inside.sorted()
    func below(_ value: Float, orEqual: Bool) -> Int {
      var (low, high) = (0, sorted.count)
      while low < high {
        let middle = (low + high) / 2
        if orEqual ? sorted[middle] <= value : sorted[middle] < value {
          low = middle + 1
        } else {
          high = middle
        }
      }
      return low
    }
    let sum = outside.reduce(0.0) {
      $0 + 0.5 * Double(below($1, orEqual: false) + below($1, orEqual: true))
    }
    return sum / Double(outside.count) / Double(inside.count)
  }
}

extension MemberOutputs {
  func mean(_ row: Int, _ output: Int) -> Double {
    (0..<members).reduce(0.0) { $0 + means[(row * members + $1) * outputs + output] }
      / Double(members)
  }

  /// In nats a transition.
  var meanNegativeLogLikelihood: Double {
    (0..<count).reduce(0) { $0 - logLikelihood($1) } / Double(count)
  }

  /// Logarithm of the density of a transition's outputs under the mixture.
  func logLikelihood(_ row: Int) -> Double {
    let terms = (0..<members).map { m in
      (0..<outputs).reduce(0.0) { sum, j in
        let place = (row * members + m) * outputs + j
        let distance = targets[row * outputs + j] - means[place]
        return sum - 0.5
          * (distance * distance / variances[place] + log(2 * Double.pi * variances[place]))
      }
    }
    let largest = terms.max()!
    return largest + log(terms.reduce(0) { $0 + exp($1 - largest) } / Double(members))
  }

  /// The mixture's cumulative probability at the measured output: uniform on 0...1 if it is calibrated.
  func rank(_ row: Int, _ output: Int) -> Double {
    (0..<members).reduce(0.0) {
      let place = (row * members + $1) * outputs + output
      let distance = targets[row * outputs + output] - means[place]
      return $0 + 0.5 * erfc(-distance / (2 * variances[place]).squareRoot())
    } / Double(members)
  }
}
