/// How numbers, lists and guesses are worded in faults and in the schema.
package enum Wording {
  /// The shortest text that reads back as the same number; whole numbers without a point.
  package static func number(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
    return String(value)
  }

  static func pair(_ low: Double, _ high: Double) -> String {
    "[\(number(low)), \(number(high))]"
  }

  /// "1 entry", "2 entries": a count with its noun.
  package static func count(_ count: Int, _ singular: String, _ plural: String) -> String {
    "\(count) \(count == 1 ? singular : plural)"
  }

  /// "one of a, b, c", with the likeliest of them named first if `word` looks like a slip.
  package static func choice(of names: [String], insteadOf word: String) -> String {
    guard !names.isEmpty else { return "none" }
    let all = names.count == 1 ? names[0] : "one of " + names.joined(separator: ", ")
    guard let guess = nearest(to: word, in: names), names.count > 1 else { return all }
    return "\(all) (did you mean \(guess)?)"
  }

  /// Text from the file, quoted and cut to what fits into a line.
  package static func quoted(_ text: String) -> String {
    let line = text.unicodeScalars.prefix(60).map { scalar in
      scalar.properties.generalCategory == .control ? " " : String(scalar)
    }.joined()
    return "\"\(line)\(text.unicodeScalars.count > 60 ? "…" : "")\""
  }

  /// The name that a slip of at most a third of the word's letters turns into `word`.
  static func nearest(to word: String, in names: [String]) -> String? {
    guard word.count <= 40 else { return nil }
    let lowered = word.lowercased().map { $0 == "-" ? "_" : $0 }
    var best: (name: String, distance: Int)?
    for name in names {
      let distance = editDistance(Array(lowered), Array(name))
      guard distance <= max(1, max(lowered.count, name.count) / 3) else { continue }
      if best.map({ distance < $0.distance }) ?? true { best = (name, distance) }
    }
    return best?.name
  }

  /// Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`.
  ///
  /// - Source: optimal string alignment, the restricted Damerau-Levenshtein distance.
  static func editDistance(_ a: [Character], _ b: [Character]) -> Int {
    var rows = [Array(0...b.count)]
    for i in 1..<(a.count + 1) {
      var row = [i]
      for j in 1..<(b.count + 1) {
        let substituted = rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
        var least = min(rows[i - 1][j] + 1, row[j - 1] + 1, substituted)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          least = min(least, rows[i - 2][j - 2] + 1)
        }
        row.append(least)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
