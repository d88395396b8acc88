public import ReplanCore
public import ReplanLoop

/// The words of a scenario file for the cases of the program's own enumerations.
///
/// They are made from the cases' names, so that a verdict or an end that is added can be expected at
/// once.
public enum Word {
  /// A verdict as a key: `outsideEnvelope` is `outside_envelope`.
  public static func of(_ verdict: Verdict) -> String { split("\(verdict)", by: "_") }

  /// An end as a value: `timeUp` is `time-up`.
  public static func of(_ end: LoopEnd) -> String { split("\(end)", by: "-") }

  /// An episode that was never begun.
  public static let refused = "refused"

  static let verdicts: [Verdict] = (0...UInt8.max).compactMap { Verdict(rawValue: $0) }

  static let ends: [String] = LoopEnd.allCases.map { of($0) } + [refused]

  private static func split(_ name: String, by joint: String) -> String {
    name.map { $0.isUppercase ? joint + $0.lowercased() : String($0) }.joined()
  }
}
