/// One thing that is wrong with a robot file: where, what was found and what is allowed.
public struct Fault: Sendable, Equatable, Codable, CustomStringConvertible {
  public let file: String
  /// Counted from 1; 0 if the fault concerns the file as a whole.
  public let line: Int
  /// Counted from 1 in Unicode scalars; 0 if the fault concerns the file as a whole.
  public let column: Int
  /// Path of the key, such as `action[0].safe`; empty if no key is concerned.
  public let key: String
  public let found: String
  public let allowed: String

  package init(
    file: String, line: Int, column: Int, key: String, found: String, allowed: String
  ) {
    self.file = file
    self.line = line
    self.column = column
    self.key = key
    self.found = found
    self.allowed = allowed
  }

  /// The style of compilers, which editors turn into links.
  public var description: String {
    let place = line > 0 ? "\(file):\(line):\(column)" : file
    let subject = key.isEmpty ? place : "\(place): \(key)"
    return "\(subject): found \(found), allowed \(allowed)"
  }
}

/// Why there is no robot description, with every fault at once.
public enum RobotError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file cannot be read at all: check the path and its permissions.
  case unreadable(Fault)
  /// The content is wrong: correct what the faults name. Never empty, in the order of the file.
  case invalid([Fault])

  public var faults: [Fault] {
    switch self {
    case .unreadable(let fault): [fault]
    case .invalid(let faults): faults
    }
  }

  /// One line for each fault.
  public var description: String {
    faults.map(\.description).joined(separator: "\n")
  }
}
