package import Yams

/// Sections: known and unknown keys, those of another variant, those that are missing.
extension Checker {
  package mutating func section(_ node: Node, _ section: Section, path: String) -> Fields? {
    guard case .mapping(let mapping) = node else {
      refuse(node, .section(section), path)
      return nil
    }
    let pairs = uniqueKeys(of: mapping, path)
    let variant = self.variant(of: pairs, section, node.position, path)
    let keys = section.keys(of: variant)
    var fields = Fields(position: node.position, path: path)
    for (name, value) in pairs {
      guard let key = keys.first(where: { $0.name == name.value }) else {
        refuseKey(name, section, variant, keys)
        continue
      }
      let before = diagnostics.faults.count
      fields.values[key.name] = check(value, key.form, path: name.path)
      if diagnostics.faults.count > before { fields.faulty.insert(key.name) }
    }
    // With no variant told, what its keys require is not known either.
    for key in variant == nil ? section.keys : keys {
      guard case .required = key.presence, fields.values[key.name] == nil,
        fields.faulty.insert(key.name).inserted
      else { continue }
      diagnostics.add(
        node.position, fields.path(key.name), found: "nothing", allowed: key.form.description)
    }
    return fields
  }

  private mutating func variant(
    of pairs: [(Located<String>, Node)], _ section: Section, _ position: Position, _ path: String
  ) -> String? {
    let names = section.variants.map(\.name)
    switch section.selector {
    case nil:
      return nil
    case .value(let key, let standard):
      guard let pair = pairs.first(where: { $0.0.value == key }) else { return standard }
      guard case .scalar(let scalar) = pair.1 else { return nil }
      return names.first { $0 == scalar.string }
    case .presence:
      let present = pairs.map(\.0).filter { names.contains($0.value) }
      if present.count == 1 { return present[0].value }
      if present.isEmpty {
        // An unknown key is reported by itself and may well be the misspelt selector.
        let known = section.keys(of: nil).map(\.name)
        if pairs.allSatisfy({ known.contains($0.0.value) }) {
          diagnostics.add(
            position, path, found: "none of them", allowed: Wording.choice(of: names, insteadOf: "")
          )
        }
      }
      for other in present.dropFirst() {
        diagnostics.add(
          other, found: "a second kind beside \(present[0].value)",
          allowed: "exactly one of " + names.joined(separator: ", "))
      }
      return present.first?.value
    }
  }

  private mutating func refuseKey(
    _ name: Located<String>, _ section: Section, _ variant: String?, _ keys: [KeyDescriptor]
  ) {
    let owners = section.owners(of: name.value)
    if let variant, !owners.isEmpty {
      // Two selectors in one entry are reported as such.
      if case .presence = section.selector, owners == [name.value] { return }
      diagnostics.add(
        name, found: "a key of \(owners.joined(separator: ", "))",
        allowed: "with \(variant): " + keys.map(\.name).joined(separator: ", "))
      return
    }
    var known: [String] = []
    for key in keys where !known.contains(key.name) { known.append(key.name) }
    diagnostics.add(
      name, found: "an unknown key", allowed: Wording.choice(of: known, insteadOf: name.value))
  }
}
