import Foundation

/// Rows of text in columns as wide as they need; numbers to the right.
struct Table {
  enum Alignment { case left, right }

  private let alignments: [Alignment]
  private var rows: [[String]]

  /// - Parameter columns: headings; one that begins with a `<` heads a column of words.
  init(_ columns: [String]) {
    alignments = columns.map { $0.hasPrefix("<") ? .left : .right }
    rows = [columns.map { $0.hasPrefix("<") ? String($0.dropFirst()) : $0 }]
  }

  /// - Precondition: one text a column.
  mutating func add(_ row: [String]) {
    precondition(row.count == alignments.count)
    rows.append(row)
  }

  /// The heading, then a line a row.
  var lines: [String] {
    let widths = alignments.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = row.indices.map { column in
        let fill = String(repeating: " ", count: widths[column] - row[column].count)
        return alignments[column] == .left ? row[column] + fill : fill + row[column]
      }
      let line = cells.joined(separator: "  ")
      return String(
        line[..<(line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex)])
    }
  }

  static func number(_ value: Double, _ digits: Int) -> String {
    value.isFinite ? String(format: "%.\(digits)f", value) : "-"
  }
}
