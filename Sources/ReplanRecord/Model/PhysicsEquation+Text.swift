import ReplanCore

/// The equations by the names that files give them.
extension PhysicsEquation {
  var text: String { "\(name)" }

  init?(text: String) {
    guard
      let equation = (0..<PhysicsEquation.count).lazy
        .compactMap({ PhysicsEquation(rawValue: UInt8($0)) }).first(where: { $0.text == text })
    else { return nil }
    self = equation
  }
}
