/// One thing that is wrong with a fault file: where, what was found and what is allowed.
public struct FaultViolation: Sendable, Equatable, CustomStringConvertible {
  public let file: String
  /// Counted from 1; 0 if the file as a whole is concerned.
  public let line: Int
  public let column: Int
  /// Path of the key, such as `faults[0].probability`; empty if no key is concerned.
  public let key: String
  public let found: String
  public let allowed: String

  /// The style of compilers, which editors turn into links.
  public var description: String {
    let place = line > 0 ? "\(file):\(line):\(column)" : file
    let subject = key.isEmpty ? place : "\(place): \(key)"
    return "\(subject): found \(found), allowed \(allowed)"
  }
}

/// Why there is no fault schedule, with every violation at once.
public enum FaultError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file cannot be read: check the path and its permissions.
  case unreadable(FaultViolation)
  /// The content is wrong: correct what the violations name. Never empty, in the file's order.
  case invalid([FaultViolation])

  public var violations: [FaultViolation] {
    switch self {
    case .unreadable(let violation): [violation]
    case .invalid(let violations): violations
    }
  }

  /// One line for each violation.
  public var description: String { violations.map(\.description).joined(separator: "\n") }
}
