/// A change of one value of a robot file, as `planner.iterations=20` says it.
public struct RobotFileChange: Sendable, Equatable {
  /// From the top-level key on.
  public let path: [String]
  /// As it is written in YAML.
  public let value: String

  /// - Parameter text: `KEY=VALUE`, `SECTION.KEY=VALUE`, and so on; nil if it is no such thing.
  public init?(_ text: String) {
    let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard sides.count == 2 else { return nil }
    let path = sides[0].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard path.allSatisfy(Self.isName), !sides[1].isEmpty else {
      return nil
    }
    self.path = path
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
    if change.path == ["planner", "horizon"], let ticks = Int(value) {
      value = Wording.number(Double(ticks) / rate)
    }
    try set(path: change.path, to: value)
  }
}
