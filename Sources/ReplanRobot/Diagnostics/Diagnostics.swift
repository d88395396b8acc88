/// A place in a robot file, line and column counted from 1.
package struct Position: Sendable, Equatable, Comparable {
  package var line: Int
  package var column: Int

  package static func < (left: Position, right: Position) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// A value with the place and the key path it was found at.
package struct Located<Value: Sendable>: Sendable {
  package var value: Value
  package var position: Position
  package var path: String
}

/// Collects the faults of one file, so that all of them are reported at once.
package struct Diagnostics {
  package let file: String
  package private(set) var faults: [Fault] = []

  package init(file: String) {
    self.file = file
  }

  package mutating func add(_ position: Position, _ path: String, found: String, allowed: String) {
    faults.append(
      Fault(
        file: file, line: position.line, column: position.column, key: path, found: found,
        allowed: allowed))
  }

  /// A fault that another checker has found in the same file.
  package mutating func add(_ fault: Fault) { faults.append(fault) }

  package mutating func add<Value>(_ place: Located<Value>, found: String, allowed: String) {
    add(place.position, place.path, found: found, allowed: allowed)
  }

  /// The faults in the order of the file; faults at one place stay in the order of their discovery.
  package var error: RobotError {
    let ordered = faults.enumerated().sorted { left, right in
      let (a, b) = (left.element, right.element)
      return (a.line, a.column, left.offset) < (b.line, b.column, right.offset)
    }
    return .invalid(ordered.map(\.element))
  }
}
