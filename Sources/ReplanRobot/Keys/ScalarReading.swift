import Yams

/// What a scalar of YAML stands for: quoting decides, then the look of the text.
///
/// Narrower than YAML 1.1, whose `010`, `1_000`, `1:30` and `on` mean what few people expect.
enum ScalarReading {
  case nothing
  case number(Double)
  case truth(Bool)
  case text(String)

  init(_ scalar: Node.Scalar) {
    guard scalar.style == .plain || scalar.style == .any else {
      self = .text(scalar.string)
      return
    }
    switch scalar.string {
    case "", "~", "null", "Null", "NULL": self = .nothing
    case "true", "True", "TRUE": self = .truth(true)
    case "false", "False", "FALSE": self = .truth(false)
    default: self = Self.number(scalar.string).map { .number($0) } ?? .text(scalar.string)
    }
  }

  /// A decimal number without leading zeros, underscores or other bases.
  static func number(_ text: String) -> Double? {
    guard text.utf8.count <= 64 else { return nil }
    var digits = text.utf8[...]
    if let sign = digits.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      digits = digits.dropFirst()
    }
    guard let first = digits.first else { return nil }
    let second = digits.dropFirst().first
    guard isDigit(first) || (first == UInt8(ascii: ".") && second.map(isDigit) ?? false) else {
      return nil
    }
    if first == UInt8(ascii: "0"), second.map(isDigit) ?? false { return nil }
    let others = Set(".eE+-".utf8)
    guard digits.allSatisfy({ isDigit($0) || others.contains($0) }) else { return nil }
    return Double(text)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  /// A tag of the file's own, which nothing here gives a meaning to.
  static func hasForeignTag(_ scalar: Node.Scalar) -> Bool {
    let tag = scalar.tag.rawValue
    let isQuoted = scalar.style != .plain && scalar.style != .any
    return !(tag.isEmpty || tag == "!" || (isQuoted && tag == Tag.Name.str.rawValue))
  }

  /// The words for a node in a fault.
  static func describe(_ node: Node) -> String {
    switch node {
    case .scalar(let scalar):
      if hasForeignTag(scalar) { return "the tag \(Wording.quoted(scalar.tag.rawValue))" }
      switch ScalarReading(scalar) {
      case .nothing: return "nothing"
      case .number: return scalar.string
      case .truth: return scalar.string
      case .text(let text): return Wording.quoted(text)
      }
    case .sequence(let sequence):
      return "a list of \(Wording.count(sequence.count, "entry", "entries"))"
    case .mapping(let mapping):
      return "a section of \(Wording.count(mapping.count, "key", "keys"))"
    case .alias:
      return "an alias"
    }
  }
}
