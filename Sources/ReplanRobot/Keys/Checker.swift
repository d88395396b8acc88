package import Yams

/// Compares the nodes of a file with the table of keys and reports everything that is not as there.
package struct Checker {
  package var diagnostics: Diagnostics

  package init(diagnostics: Diagnostics) {
    self.diagnostics = diagnostics
  }

  /// The value in its form, or nil after at least one fault was reported.
  mutating func check(_ node: Node, _ form: Form, path: String) -> Located<CheckedValue>? {
    let position = node.position
    let value: CheckedValue?
    switch form {
    case .number, .integer, .text, .choice, .truth:
      guard let scalar = scalar(node, form, path) else { return nil }
      value = check(scalar, form, position, path)
    case .pair(let bounds):
      value = pair(node, bounds, form, path)
    case .list(let item, let count):
      value = list(node, item, count, form, path)
    case .map(let key, let item):
      value = map(node, key, item, form, path).map { .entries($0) }
    case .section(let section):
      value = self.section(node, section, path: path).map { .section($0) }
    case .either(let plain, let section):
      return either(node, plain, section, path)
    }
    return value.map { Located(value: $0, position: position, path: path) }
  }

  mutating func refuse(_ node: Node, _ form: Form, _ path: String) {
    let found = ScalarReading.describe(node)
    diagnostics.add(node.position, path, found: found, allowed: form.description)
  }

  private mutating func scalar(_ node: Node, _ form: Form, _ path: String) -> Node.Scalar? {
    guard case .scalar(let scalar) = node, !ScalarReading.hasForeignTag(scalar) else {
      refuse(node, form, path)
      return nil
    }
    return scalar
  }

  private mutating func check(
    _ scalar: Node.Scalar, _ form: Form, _ position: Position, _ path: String
  ) -> CheckedValue? {
    switch (form, ScalarReading(scalar)) {
    case (.number(let bounds), .number(let number)) where bounds.contains(number):
      return .number(number)
    case (.integer(let range), .number(let number))
    where number == number.rounded() && abs(number) < 1e15 && range.contains(Int(number)):
      return .number(number)
    case (.truth, .truth(let value)):
      return .truth(value)
    case (.text(let form), .text(let text)) where form.allows(text):
      return .text(text)
    case (.choice(let names), .text(let text)):
      if names.contains(text) { return .text(text) }
      let allowed = Wording.choice(of: names, insteadOf: text)
      diagnostics.add(position, path, found: Wording.quoted(text), allowed: allowed)
    default:
      refuse(.scalar(scalar), form, path)
    }
    return nil
  }

  private mutating func either(
    _ node: Node, _ plain: Form, _ section: Section, _ path: String
  ) -> Located<CheckedValue>? {
    if case .mapping = node { return check(node, .section(section), path: path) }
    // A plain value that is wrong is told both forms.
    var trial = self
    if let value = trial.check(node, plain, path: path) { return value }
    refuse(node, .either(plain, section), path)
    return nil
  }

  private mutating func pair(
    _ node: Node, _ bounds: Bounds, _ form: Form, _ path: String
  ) -> CheckedValue? {
    guard case .sequence(let sequence) = node, sequence.count == 2 else {
      refuse(node, form, path)
      return nil
    }
    guard let low = check(sequence[0], .number(bounds), path: "\(path)[0]"),
      let high = check(sequence[1], .number(bounds), path: "\(path)[1]"),
      let lowValue = Double(low), let highValue = Double(high)
    else { return nil }
    guard lowValue < highValue else {
      diagnostics.add(
        node.position, path, found: Wording.pair(lowValue, highValue),
        allowed: "[low, high] with low below high")
      return nil
    }
    return .list([low, high])
  }

  /// Items with faults are left out, so that what refers to the others is still checked.
  private mutating func list(
    _ node: Node, _ item: Form, _ count: ClosedRange<Int>, _ form: Form, _ path: String
  ) -> CheckedValue? {
    guard case .sequence(let sequence) = node else {
      refuse(node, form, path)
      return nil
    }
    var items: [Located<CheckedValue>] = []
    for (index, node) in sequence.enumerated() {
      let itemPath = "\(path)[\(index)]"
      if let checked = check(node, item, path: itemPath) { items.append(checked) }
    }
    guard count.contains(sequence.count) else {
      diagnostics.add(
        node.position, path, found: Wording.count(sequence.count, "entry", "entries"),
        allowed: "\(count.lowerBound)...\(count.upperBound) entries")
      return nil
    }
    return .list(items)
  }

  private mutating func map(
    _ node: Node, _ key: TextForm, _ item: Form, _ form: Form, _ path: String
  ) -> Entries? {
    guard case .mapping(let mapping) = node else {
      refuse(node, form, path)
      return nil
    }
    var result = Entries()
    for (name, value) in uniqueKeys(of: mapping, path) {
      guard key.allows(name.value) else {
        diagnostics.add(name, found: Wording.quoted(name.value), allowed: key.description)
        continue
      }
      guard let checked = check(value, item, path: name.path) else { continue }
      result.entries.append(Entries.Entry(name: name, value: checked))
    }
    return result
  }

  /// The pairs of a mapping without those whose key is no text or was there before.
  mutating func uniqueKeys(
    of mapping: Node.Mapping, _ path: String
  ) -> [(Located<String>, Node)] {
    var first: [String: Position] = [:]
    var pairs: [(Located<String>, Node)] = []
    for (key, value) in mapping {
      guard case .scalar(let scalar) = key else {
        diagnostics.add(
          key.position, path, found: ScalarReading.describe(key), allowed: "a name as key")
        continue
      }
      let keyPath = path.isEmpty ? scalar.string : "\(path).\(scalar.string)"
      let name = Located(value: scalar.string, position: key.position, path: keyPath)
      if let earlier = first[scalar.string] {
        diagnostics.add(
          name, found: "the key a second time", allowed: "once (it is in line \(earlier.line))")
        continue
      }
      first[scalar.string] = key.position
      pairs.append((name, value))
    }
    return pairs
  }
}

extension Node {
  package var position: Position {
    Position(line: mark?.line ?? 1, column: mark?.column ?? 1)
  }
}
