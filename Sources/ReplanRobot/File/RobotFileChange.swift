/// A change of one value of a robot file, as `planner.iterations=20` says it.
public struct RobotFileChange: Sendable, Equatable {
  /// The top-level key that the key belongs to; nil for a top-level key.
  public let section: String?
  public let key: String
  /// As it is written in YAML.
  public let value: String

  /// - Parameter text: `KEY=VALUE` or `SECTION.KEY=VALUE`; nil if it is neither.
  public init?(_ text: String) {
    let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard sides.count == 2 else { return nil }
    let path = sides[0].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard (1...2).contains(path.count), path.allSatisfy(Self.isName), !sides[1].isEmpty else {
      return nil
    }
    section = path.count == 2 ? path[0] : nil
    key = path[path.count - 1]
    value = String(sides[1])
  }

  private static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (97...122).contains($0) || $0 == 95 }
  }
}

extension RobotFileEdit {
  /// Makes a change.
  ///
  /// A horizon that is a whole number counts ticks, in which one speaks of it; written with a point it
  /// is in seconds, as in the file.
  ///
  /// - Parameter rate: ticks a second.
  /// - Throws: `RobotError.invalid` if the place cannot be edited.
  public mutating func apply(_ change: RobotFileChange, rate: Double) throws(RobotError) {
    var value = change.value
    if change.section == "planner", change.key == "horizon", let ticks = Int(value) {
      value = Wording.number(Double(ticks) / rate)
    }
    try set(change.key, in: change.section, to: value)
  }
}
