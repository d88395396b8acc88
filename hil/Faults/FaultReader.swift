import Yams

/// Compares the nodes of a fault file with the forms of faults and collects every violation.
struct FaultReader {
  let file: String
  private(set) var violations: [FaultViolation] = []

  init(file: String) { self.file = file }

  mutating func refuse(_ node: Node?, _ key: String, found: String, allowed: String) {
    violations.append(
      FaultViolation(
        file: file, line: node?.mark?.line ?? 1, column: node?.mark?.column ?? 1, key: key,
        found: found, allowed: allowed))
  }

  /// The violations in the order of the file.
  var error: FaultError {
    .invalid(
      violations.enumerated().sorted {
        ($0.element.line, $0.element.column, $0.offset)
          < ($1.element.line, $1.element.column, $1.offset)
      }.map(\.element))
  }

  /// The whole file: a seed and the list.
  mutating func schedule(_ node: Node, channels: FaultChannels?) -> FaultSchedule {
    guard let fields = fields(node, "", allowed: ["seed", "faults"]) else {
      return FaultSchedule([])
    }
    let range = 0...9_007_199_254_740_992.0
    let form = FaultForm.Number(key: "seed", range: range, isWhole: true)
    let seed = fields["seed"].flatMap { number($0, "seed", form) } ?? 1
    guard let list = fields["faults"] else {
      refuse(node, "faults", found: "nothing", allowed: "a list of faults")
      return FaultSchedule([])
    }
    return FaultSchedule(seed: UInt64(seed), faults(list, "faults", channels: channels))
  }

  mutating func faults(_ node: Node, _ path: String, channels: FaultChannels?) -> [Fault] {
    guard case .sequence(let sequence) = node else {
      refuse(node, path, found: describe(node), allowed: "a list of faults")
      return []
    }
    guard sequence.count <= FaultSchedule.mostFaults else {
      refuse(
        node, path, found: "\(sequence.count) entries",
        allowed: "at most \(FaultSchedule.mostFaults)")
      return []
    }
    return sequence.enumerated().compactMap { index, entry in
      fault(entry, "\(path)[\(index)]", channels: channels)
    }
  }

  private mutating func fault(
    _ node: Node, _ path: String, channels: FaultChannels?
  ) -> Fault? {
    let names = FaultForm.all.map(\.name)
    guard case .mapping(let mapping) = node, let nameNode = mapping["fault"] else {
      let found = if case .mapping = node { "no key \"fault\"" } else { describe(node) }
      refuse(node, path, found: found, allowed: "{fault: NAME, …}")
      return nil
    }
    let key = "\(path).fault"
    guard let name = text(nameNode, key, allowed: "the name of a fault") else { return nil }
    guard let form = FaultForm.named(name) else {
      let allowed = FaultWording.choice(of: names, insteadOf: name)
      refuse(nameNode, key, found: FaultWording.quoted(name), allowed: allowed)
      return nil
    }
    let before = violations.count
    guard let fields = fields(node, path, allowed: form.keys, of: name) else { return nil }
    let kind = kind(form, fields, node, path)
    let window = window(fields, node, path)
    var fault = Fault(kind ?? form.sample, window, line: node.mark?.line ?? 0)
    let chance = FaultForm.Number(key: "probability", range: 0...1)
    if let given = fields["probability"].flatMap({ number($0, "\(path).probability", chance) }) {
      fault.probability = given
    }
    if let given = fields["direction"].flatMap({ direction($0, "\(path).direction") }) {
      fault.direction = given
    }
    fault.channel = channel(fields, node, path, form, channels)
    if form.sample == .plantReset, fault.probability == 1,
      let length = fields["for"] ?? fields["until"]
    {
      refuse(
        length, path, found: "an end of a \(name)",
        allowed: "its moment alone, as `at: 1.0`, or a probability for each second")
    }
    return violations.count == before ? fault : nil
  }

  private mutating func kind(
    _ form: FaultForm, _ fields: [String: Node], _ node: Node, _ path: String
  ) -> FaultKind? {
    var values: [String: Double] = [:]
    for wanted in form.numbers {
      let key = "\(path).\(wanted.key)"
      if let given = fields[wanted.key] {
        values[wanted.key] = number(given, key, wanted)
      } else if !wanted.isOptional {
        refuse(node, key, found: "nothing", allowed: wanted.allowed)
      }
    }
    guard form.numbers.allSatisfy({ $0.isOptional || values[$0.key] != nil }) else { return nil }
    if let low = values["low"], let high = values["high"], low >= high {
      refuse(
        fields["low"], "\(path).low", found: FaultWording.number(low),
        allowed: "a number below high (\(FaultWording.number(high)))")
    }
    return form.make(values)
  }

  private mutating func direction(_ node: Node, _ key: String) -> FaultDirection? {
    let names = FaultDirection.allCases.map(\.rawValue)
    guard let text = text(node, key, allowed: "one of " + names.joined(separator: ", "))
    else { return nil }
    if let direction = FaultDirection(rawValue: text) { return direction }
    let allowed = FaultWording.choice(of: names, insteadOf: text)
    refuse(node, key, found: FaultWording.quoted(text), allowed: allowed)
    return nil
  }
}
