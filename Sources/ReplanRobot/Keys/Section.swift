/// A mapping with fixed keys, some of which may belong to one variant of it only.
package struct Section: Sendable {
  /// One variant: its name and the keys that it alone has.
  package struct Variant: Sendable {
    package let name: String
    package let keys: [KeyDescriptor]

    package init(name: String, keys: [KeyDescriptor]) {
      self.name = name
      self.keys = keys
    }
  }

  /// What tells the variant.
  package enum Selector: Sendable {
    /// The value of a key that all variants have; absent means the given variant.
    case value(of: String, standard: String)
    /// The key that bears the variant's name: exactly one of these is present.
    case presence
  }

  /// A list may be empty or missing only beside a weight above 0.
  package struct Rule: Sendable {
    package let list: String
    package let weight: String
  }

  package let keys: [KeyDescriptor]
  package let variants: [Variant]
  package let selector: Selector?
  /// What keys mean together, as far as a schema can tell.
  package let rules: [Rule]

  package init(_ keys: [KeyDescriptor], rules: [Rule] = []) {
    self.keys = keys
    self.rules = rules
    variants = []
    selector = nil
  }

  package init(_ keys: [KeyDescriptor], selectedBy selector: Selector, _ variants: [Variant]) {
    self.keys = keys
    self.variants = variants
    self.selector = selector
    rules = []
  }

  /// The keys of a variant, or of all of them if it is not known.
  package func keys(of variant: String?) -> [KeyDescriptor] {
    keys + variants.filter { variant == nil || $0.name == variant }.flatMap(\.keys)
  }

  /// The variants that have a key of this name.
  package func owners(of name: String) -> [String] {
    variants.filter { $0.keys.contains { $0.name == name } }.map(\.name)
  }

  package var description: String {
    if case .presence = selector {
      return "a section with " + Wording.choice(of: variants.map(\.name), insteadOf: "")
    }
    var names: [String] = []
    for key in keys(of: nil) where !names.contains(key.name) { names.append(key.name) }
    return "a section with \(names.count == 1 ? "key" : "keys") " + names.joined(separator: ", ")
  }
}
