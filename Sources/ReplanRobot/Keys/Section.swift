/// A mapping with fixed keys, some of which may belong to one variant of it only.
struct Section: Sendable {
  /// One variant: its name and the keys that it alone has.
  struct Variant: Sendable {
    let name: String
    let keys: [KeyDescriptor]
  }

  /// What tells the variant.
  enum Selector: Sendable {
    /// The value of a key that all variants have; absent means the given variant.
    case value(of: String, standard: String)
    /// The key that bears the variant's name: exactly one of these is present.
    case presence
  }

  let keys: [KeyDescriptor]
  let variants: [Variant]
  let selector: Selector?

  init(_ keys: [KeyDescriptor]) {
    self.keys = keys
    variants = []
    selector = nil
  }

  init(_ keys: [KeyDescriptor], selectedBy selector: Selector, _ variants: [Variant]) {
    self.keys = keys
    self.variants = variants
    self.selector = selector
  }

  /// The keys of a variant, or of all of them if it is not known.
  func keys(of variant: String?) -> [KeyDescriptor] {
    keys + variants.filter { variant == nil || $0.name == variant }.flatMap(\.keys)
  }

  /// The variants that have a key of this name.
  func owners(of name: String) -> [String] {
    variants.filter { $0.keys.contains { $0.name == name } }.map(\.name)
  }

  var description: String {
    if case .presence = selector {
      return "a section with " + Wording.choice(of: variants.map(\.name), insteadOf: "")
    }
    var names: [String] = []
    for key in keys(of: nil) where !names.contains(key.name) { names.append(key.name) }
    return "a section with keys " + names.joined(separator: ", ")
  }
}
