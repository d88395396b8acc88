package import Yams

/// Turns the text of a robot file into YAML nodes with their positions.
///
/// Deliberately left out: anchors and aliases. A robot file is short and read by people; refusing
/// them keeps every value where it is read, and a few lines cannot expand to a billion nodes.
package enum Syntax {
  /// - Throws: `RobotError.invalid` with one fault: nothing after a syntax error can be trusted.
  ///
  /// - Parameter kind: what the file should be, for the faults.
  package static func compose(
    _ text: String, file: String, kind: String = "robot"
  ) throws(RobotError) -> Node {
    guard text.utf8.count <= RobotFile.largestSize else {
      throw RobotFile.invalid(file, 0, 0, "more than 256 KiB", "a \(kind) file of at most 256 KiB")
    }
    if let anchor = firstAnchor(in: text) {
      throw RobotFile.invalid(
        file, anchor.line, anchor.column, "an anchor (&)",
        "values written out; a text that has to start with & is quoted")
    }
    // Told that the text is UTF-8, libYAML takes a byte order mark for a character.
    let isMarked = text.unicodeScalars.first == "\u{FEFF}"
    var names = MaskedKeys(isMarked ? String(text.unicodeScalars.dropFirst()) : text)
    while true {
      do {
        // libYAML counts columns in Unicode scalars and its UTF-8 path copies nothing.
        guard let node = try Yams.compose(yaml: names.text, .basic, .default, .utf8) else {
          throw RobotFile.invalid(file, 1, 1, "nothing", "a \(kind) description")
        }
        return names.unmask(node)
      } catch let error as RobotError {
        throw error
      } catch YamlError.duplicatedKeysInMapping(let duplicates, let context) {
        // Yams stops at the first duplicate; with the names masked the checker reports all.
        if names.mask(duplicates) { continue }
        let (line, column) = (context.mark.line, context.mark.column)
        let found = "a key more than once: " + duplicates.sorted().joined(separator: ", ")
        throw RobotFile.invalid(file, line, column, found, "each key once")
      } catch {
        throw syntaxError(error, text: text, file: file)
      }
    }
  }

  private static func syntaxError(
    _ error: any Error, text: String, file: String
  ) -> RobotError {
    var place = Position(line: 1, column: 1)
    var problem = "text that is not YAML"
    switch error as? YamlError {
    case .scanner(let context, let text, let mark, _), .parser(let context, let text, let mark, _),
      .composer(let context, let text, let mark, _):
      place = Position(line: mark.line, column: mark.column)
      problem = text
      if let context { problem += ", \(context.text) from line \(context.mark.line) on" }
    case .reader(let text, let offset, _, let yaml):
      let before = yaml.prefix(offset ?? 0)
      place.line += before.count(where: \.isNewline)
      place.column += before.reversed().prefix { !$0.isNewline }.count
      problem = text
    default: break
    }
    // libYAML counts one more line at the end of a text that has no final newline.
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    if place.line > lines.count, let last = lines.last {
      place = Position(line: lines.count, column: last.unicodeScalars.count + 1)
    }
    return RobotFile.invalid(
      file, place.line, place.column, "a syntax error: \(problem)", "YAML, one document")
  }

  /// The first `&name` where a value may start. Comments are passed over; in doubt (inside a text
  /// of several lines, say) it counts, as the fault says how to write it otherwise.
  static func firstAnchor(in text: String) -> Position? {
    let lines = text.unicodeScalars.split(omittingEmptySubsequences: false) { $0 == "\n" }
    for (number, line) in lines.enumerated() where line.contains("&") {
      var last: Unicode.Scalar = " "
      var quotes = false
      for (column, scalar) in line.enumerated() {
        quotes = quotes || scalar == "\"" || scalar == "'"
        if scalar == "#", isBlank(last), !quotes { break }
        let next = line.dropFirst(column + 1).first
        if scalar == "&", mayStartValue(after: last), next.map(isAnchorName) ?? false {
          return Position(line: number + 1, column: column + 1)
        }
        last = scalar
      }
    }
    return nil
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || scalar == "\t" || scalar == "\r" || scalar == "\u{FEFF}"
  }

  private static func mayStartValue(after scalar: Unicode.Scalar) -> Bool {
    isBlank(scalar) || "[]{},:?-\"'\u{85}\u{2028}\u{2029}".unicodeScalars.contains(scalar)
  }

  private static func isAnchorName(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar == "-" || ("0"..."9").contains(scalar)
      || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
  }
}
