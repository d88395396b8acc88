import Yams

extension RobotFileEdit {
  /// Replaces the value at a path of keys, or inserts what is missing of it.
  ///
  /// - Parameters:
  ///   - path: from the top-level key on, such as `model`, `refit`, `every`.
  ///   - value: as it is written in YAML on one line: a number, a word, or a collection in brackets.
  ///     A word that stands where the path goes on gives way to a section.
  /// - Throws: `RobotError.invalid` if the place cannot be edited; the text stays as it was.
  public mutating func set(path: [String], to value: String) throws(RobotError) {
    precondition(!path.isEmpty, "a path has at least one key")
    var changed = source
    let root = try Syntax.compose(text, file: file)
    try place(path[...], value, in: root, path, &changed)
    // Read back: a place that was misread must not go unnoticed.
    let wanted = try Syntax.compose(value, file: file)
    let found = path.reduce(Optional(try Syntax.compose(changed.text, file: file))) { node, key in
      node?.mapping?[key]
    }
    guard let found, found == wanted else { throw refusal(root, path.last!, section(of: path)) }
    source = changed
  }

  private func place(
    _ rest: ArraySlice<String>, _ value: String, in node: Node, _ path: [String],
    _ changed: inout SourceText
  ) throws(RobotError) {
    let key = rest.first!
    let below = rest.dropFirst()
    guard let mapping = node.mapping else { throw refusal(node, key, section(of: path)) }
    let written = below.reversed().reduce(value) { "{\($1): \($0)}" }
    guard let old = mapping[key] else {
      return try insert(
        "\(key): \(written)", into: mapping, node, key, section(of: path), &changed)
    }
    if !below.isEmpty, old.mapping != nil {
      return try place(below, value, in: old, path, &changed)
    }
    let range = old.scalar.map { changed.range(of: $0) } ?? changed.flowRange(at: old.mark)
    guard let range else { throw refusal(old, key, section(of: path)) }
    changed.replace(range, with: written)
  }

  private func section(of path: [String]) -> String? {
    path.count > 1 ? path.dropLast().joined(separator: ".") : nil
  }
}
