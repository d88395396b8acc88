import Yams

// Windows, channels and single values.
extension FaultReader {
  /// `at` with `for`, or `from` with `until`.
  mutating func window(_ fields: [String: Node], _ node: Node, _ path: String) -> FaultWindow {
    let moment = FaultForm.Number(key: "", range: 0...1e6)
    var window = FaultWindow()
    for (one, other) in [("at", "from"), ("for", "until"), ("for", "from"), ("at", "until")] {
      guard let second = fields[other], fields[one] != nil else { continue }
      refuse(
        second, "\(path).\(other)", found: "\(one) and \(other)",
        allowed: "at with for, or from with until")
      return window
    }
    if let at = fields["at"] { window.begin = number(at, "\(path).at", moment) ?? 0 }
    if let from = fields["from"] {
      if case .scalar(let scalar) = from, scalar.string == "boot" {
        window.isFromBoot = true
      } else {
        window.begin = number(from, "\(path).from", moment, or: " or boot") ?? 0
      }
    }
    if let length = fields["for"], let value = number(length, "\(path).for", moment) {
      window.end = window.begin + value
    }
    if let until = fields["until"], let value = number(until, "\(path).until", moment) {
      window.end = value
    }
    if window.end <= window.begin {
      refuse(
        fields["for"] ?? fields["until"], path,
        found: "an end at \(FaultWording.number(window.end)) s",
        allowed: "one after the begin at \(FaultWording.number(window.begin)) s")
    }
    return window
  }

  /// - Returns: `nil` for all of them.
  mutating func channel(
    _ fields: [String: Node], _ node: Node, _ path: String, _ form: FaultForm,
    _ channels: FaultChannels?
  ) -> String? {
    let key = "\(path).channel"
    let place = form.sample.place
    guard place == .sensor || place == .actuator else { return nil }
    guard let given = fields["channel"] else {
      if place == .sensor {
        refuse(node, key, found: "nothing", allowed: "the plant's name of a channel, or all")
      }
      return nil
    }
    guard case .scalar(let scalar) = given, !scalar.string.isEmpty else {
      refuse(given, key, found: describe(given), allowed: "a channel or all")
      return nil
    }
    if scalar.string == "all" { return nil }
    if let allowed = FaultSchedule.allowed(scalar.string, place, channels) {
      refuse(given, key, found: FaultWording.quoted(scalar.string), allowed: allowed)
    }
    return scalar.string
  }

  mutating func number(
    _ node: Node, _ key: String, _ form: FaultForm.Number, or alternative: String = ""
  ) -> Double? {
    if case .scalar(let scalar) = node, scalar.style == .plain,
      let value = FaultReader.decimal(scalar.string), form.contains(value)
    {
      return value
    }
    refuse(node, key, found: describe(node), allowed: form.allowed + alternative)
    return nil
  }

  /// A decimal number; YAML's `010`, `1_000`, `1:30` and `.inf` mean what few people expect.
  private static func decimal(_ text: String) -> Double? {
    guard text.utf8.count <= 64, text.utf8.contains(where: { (48...57).contains($0) }),
      text.utf8.allSatisfy({ (48...57).contains($0) || ".eE+-".utf8.contains($0) })
    else { return nil }
    let digits = text.drop { $0 == "-" || $0 == "+" }.utf8
    if digits.count > 1, digits.first == 48, (48...57).contains(digits.dropFirst().first!) {
      return nil
    }
    return Double(text)
  }

  mutating func text(_ node: Node, _ key: String, allowed: String) -> String? {
    if case .scalar(let scalar) = node, !scalar.string.isEmpty { return scalar.string }
    refuse(node, key, found: describe(node), allowed: allowed)
    return nil
  }

  /// The pairs of a mapping; keys that are not allowed are refused.
  mutating func fields(
    _ node: Node, _ path: String, allowed: [String], of name: String = ""
  ) -> [String: Node]? {
    guard case .mapping(let mapping) = node else {
      refuse(node, path, found: describe(node), allowed: "keys " + allowed.joined(separator: ", "))
      return nil
    }
    var fields: [String: Node] = [:]
    for (key, value) in mapping {
      guard case .scalar(let scalar) = key, allowed.contains(scalar.string) else {
        let word = if case .scalar(let scalar) = key { scalar.string } else { describe(key) }
        refuse(
          key, path, found: "the key \(FaultWording.quoted(word))",
          allowed: FaultWording.choice(of: allowed, insteadOf: word)
            + (name.isEmpty ? "" : " for \(name)"))
        continue
      }
      fields[scalar.string] = value
    }
    return fields
  }

  /// The words for a node in a violation.
  func describe(_ node: Node) -> String {
    switch node {
    case .scalar(let scalar) where scalar.string.isEmpty: "nothing"
    case .scalar(let scalar):
      FaultReader.decimal(scalar.string) != nil && scalar.style == .plain
        ? scalar.string : FaultWording.quoted(scalar.string)
    case .sequence(let sequence): "a list of \(sequence.count) entries"
    case .mapping(let mapping): "a section of \(mapping.count) keys"
    case .alias: "an alias"
    }
  }
}
