/// What one key of the robot file means and allows.
///
/// The tables of descriptors beside each concept are the one source of what a file may hold: the
/// checker, the defaults, the messages and the JSON Schema are all made from them.
package struct KeyDescriptor: Sendable {
  package enum Presence: Sendable {
    case required
    case optional
    /// Absent means this value.
    case standard(Literal)
    /// Absent means an empty section, hence the defaults of its keys.
    case section
  }

  package let name: String
  package let form: Form
  package let presence: Presence
  /// Empty where there is none.
  package let unit: String
  package let summary: String
}

/// A default, as the schema and the messages write it.
package enum Literal: Sendable, Equatable {
  case number(Double)
  case text(String)
  case truth(Bool)
  case list([Literal])
}

/// The form of a value.
package indirect enum Form: Sendable {
  case number(Bounds)
  case integer(ClosedRange<Int>)
  case text(TextForm)
  case choice([String])
  /// true or false.
  case truth
  /// [low, high] with low below high.
  case pair(Bounds)
  case list(Form, count: ClosedRange<Int>)
  /// Keys that the file names itself, such as channels.
  case map(TextForm, Form)
  case section(Section)
  /// A plain value, or a section in its place.
  case either(Form, Section)

  /// What is allowed, in the words of a fault.
  package var description: String {
    switch self {
    case .number(let bounds): "a number, \(bounds.description)"
    case .integer(let range): "a whole number, \(range.lowerBound)...\(range.upperBound)"
    case .text(let form): form.description
    case .choice(let names): Wording.choice(of: names, insteadOf: "")
    case .pair(let bounds): "[low, high], low below high, each \(bounds.description)"
    case .list(let item, let count):
      "a list of \(count.lowerBound)...\(count.upperBound) entries, each \(item.description)"
    case .map(let key, let value):
      "pairs \"key: value\", key \(key.description), "
        + "value \(value.description)"
    case .section(let section): section.description
    case .truth: "true or false"
    case .either(let plain, let section): "\(plain.description), or \(section.description)"
    }
  }
}

/// What a text may look like.
package enum TextForm: String, Sendable {
  case name
  case simulator
  case line
  case prose

  package var pattern: String {
    switch self {
    case .name: "^[a-z][a-z0-9_]*$"
    case .simulator: "^[a-z][a-z0-9-]*$"
    case .line: "^[^\\x00-\\x1f\\x7f]+$"
    case .prose: ""
    }
  }

  package var largestLength: Int {
    switch self {
    case .name, .simulator: 63
    case .line: 255
    case .prose: 4096
    }
  }

  package var description: String {
    switch self {
    case .name: "a name of a-z, 0-9 and _ that starts with a letter, at most 63 characters"
    case .simulator: "a name of a-z, 0-9 and - that starts with a letter, at most 63 characters"
    case .line: "a text of one line, 1...255 characters"
    case .prose: "a text of at most 4096 characters"
    }
  }

  package func allows(_ text: String) -> Bool {
    let scalars = text.unicodeScalars
    guard scalars.count <= largestLength else { return false }
    switch self {
    case .name: return isName(scalars, joint: "_")
    case .simulator: return isName(scalars, joint: "-")
    case .line: return !scalars.isEmpty && scalars.allSatisfy { $0.value >= 32 && $0.value != 127 }
    case .prose: return true
    }
  }

  private func isName(_ scalars: String.UnicodeScalarView, joint: Unicode.Scalar) -> Bool {
    guard let first = scalars.first, ("a"..."z").contains(first) else { return false }
    return scalars.allSatisfy {
      ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == joint
    }
  }
}
