/// Whether an expectation is met, and by what.
public struct Judgement: Sendable, Equatable, Encodable {
  /// What was expected, in words.
  public var what: String
  public var ok: Bool
  /// What was found.
  public var measured: String

  public init(what: String, ok: Bool, measured: String) {
    self.what = what
    self.ok = ok
    self.measured = measured
  }
}

/// How times and counts are written in judgements.
enum Figure {
  static func seconds(_ value: Double) -> String { "\(decimals(value, 3)) s" }

  static func milliseconds(_ seconds: Double) -> String { "\(decimals(seconds * 1000, 1)) ms" }

  static func value(_ value: Double) -> String { decimals(value, 4) }

  /// Rounded, without zeros at the end.
  private static func decimals(_ value: Double, _ count: Int) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
    var scale = 1.0
    for _ in 0..<count { scale *= 10 }
    let rounded = (value * scale).rounded() / scale
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }
}
