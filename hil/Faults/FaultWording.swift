/// How numbers, texts and guesses are worded in violations.
enum FaultWording {
  /// The shortest text that reads back as the same number; whole numbers without a point.
  static func number(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e16 { return String(Int(value)) }
    return String(value)
  }

  /// Text from the file, quoted and cut to what fits into a line.
  static func quoted(_ text: String) -> String {
    let line = text.unicodeScalars.prefix(60).map { scalar in
      scalar.properties.generalCategory == .control ? " " : String(scalar)
    }.joined()
    return "\"\(line)\(text.unicodeScalars.count > 60 ? "…" : "")\""
  }

  /// "one of a, b, c", with the likeliest of them named if `word` looks like a slip.
  static func choice(of names: [String], insteadOf word: String) -> String {
    let all = names.count == 1 ? names[0] : "one of " + names.joined(separator: ", ")
    guard word.count <= 40, names.count > 1,
      let guess = names.min(by: { distance($0, word) < distance($1, word) }),
      distance(guess, word) <= max(1, word.count / 3)
    else { return all }
    return "\(all) (did you mean \(guess)?)"
  }

  /// Insertions, deletions and substitutions that turn one text into the other; underscores and
  /// capitals count as what they were meant for.
  private static func distance(_ first: String, _ second: String) -> Int {
    let a = Array(first.lowercased().replacing("_", with: "-"))
    let b = Array(second.lowercased().replacing("_", with: "-"))
    var row = Array(0...b.count)
    for i in a.indices {
      var diagonal = row[0]
      row[0] = i + 1
      for j in b.indices {
        let substituted = diagonal + (a[i] == b[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[b.count]
  }
}
