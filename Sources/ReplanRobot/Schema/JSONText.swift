/// A JSON value whose objects keep their order, so that the text of the schema is stable.
indirect enum JSONText {
  case object([(String, JSONText)])
  case array([JSONText])
  case string(String)
  case number(Double)
  case bool(Bool)

  init(_ literal: Literal) {
    switch literal {
    case .number(let value): self = .number(value)
    case .text(let text): self = .string(text)
    case .truth(let value): self = .bool(value)
    case .list(let items): self = .array(items.map { JSONText($0) })
    }
  }

  /// Indented by two spaces; arrays of plain values stay on one line.
  func text(indent: String = "") -> String {
    let inner = indent + "  "
    switch self {
    case .object(let members):
      guard !members.isEmpty else { return "{}" }
      let lines = members.map { inner + Self.quoted($0.0) + ": " + $0.1.text(indent: inner) }
      return "{\n" + lines.joined(separator: ",\n") + "\n" + indent + "}"
    case .array(let items):
      guard items.contains(where: \.isContainer) else {
        return "[" + items.map { $0.text() }.joined(separator: ", ") + "]"
      }
      let lines = items.map { inner + $0.text(indent: inner) }
      return "[\n" + lines.joined(separator: ",\n") + "\n" + indent + "]"
    case .string(let text): return Self.quoted(text)
    case .number(let value): return Wording.number(value)
    case .bool(let value): return value ? "true" : "false"
    }
  }

  private var isContainer: Bool {
    switch self {
    case .object, .array: true
    case .string, .number, .bool: false
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
