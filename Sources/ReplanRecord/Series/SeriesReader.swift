extension Series {
  /// Reads a table with a header.
  ///
  /// - Throws: `file`; `table` where it is not one: no header, a name twice, a row with more cells
  ///   than the header.
  public static func read(_ path: String) throws(RecordError) -> Series {
    try decode(try Files.read(path), path: path)
  }

  /// Reads the content of a file; `path` names it in errors.
  public static func decode(_ bytes: [UInt8], path: String) throws(RecordError) -> Series {
    if let zero = bytes.prefix(1 << 16).firstIndex(of: 0) {
      throw .table(
        path: path, line: 1 + bytes[..<zero].count { $0 == 0x0A },
        reason: "a zero byte: this is no text; export it as CSV in UTF-8")
    }
    var text = DelimitedText(bytes, path: path)
    guard let first = try text.next() else {
      throw .table(path: path, line: 1, reason: "the file holds no row")
    }
    var assembly = try SeriesAssembly(first, text)
    while let row = try text.next() { try assembly.add(row) }
    return try assembly.series(endsWithLine: text.endsWithLine)
  }
}

/// Collects the rows of a table into columns.
private struct SeriesAssembly {
  private let path: String
  private let hasDecimalComma: Bool
  private let names: [String]
  private var values: [[Double]]
  private var texts: [Series.Column.Text?]
  private var lines: [Int] = []
  private var last: DelimitedText.Row?

  /// - Parameter first: the header, or the first row below one that stands in a comment.
  init(_ first: DelimitedText.Row, _ text: DelimitedText) throws(RecordError) {
    path = text.path
    let hasDecimalComma = text.delimiter != .comma
    self.hasDecimalComma = hasDecimalComma
    func isNumeric(_ cells: [String]) -> Bool {
      cells.contains {
        if case .number = CellText($0, hasDecimalComma: hasDecimalComma) { true } else { false }
      }
    }
    var header = first
    if isNumeric(first.cells) {
      guard let comment = text.lastComment, let cells = text.split(comment.text),
        cells.count == first.cells.count, !isNumeric(cells)
      else {
        throw .table(
          path: text.path, line: first.line,
          reason: "a row of numbers where the header should be; put a line with the columns' names "
            + "above it")
      }
      header = DelimitedText.Row(line: comment.line, cells: cells)
    }
    let names = header.cells.enumerated().map { index, name in
      name.isEmpty ? "column \(index + 1)" : name
    }
    self.names = names
    if let twice = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
      throw .table(
        path: path, line: header.line,
        reason: "two columns are called \"\(names[twice])\"; rename one")
    }
    values = names.map { _ in [] }
    texts = names.map { _ in nil }
    if header != first { try add(first) }
  }

  mutating func add(_ row: DelimitedText.Row) throws(RecordError) {
    let surplus = row.cells.dropFirst(names.count)
    guard surplus.allSatisfy(\.isEmpty) else {
      throw .table(
        path: path, line: row.line,
        reason: "\(row.cells.count) cells, where the header names \(names.count) columns")
    }
    for column in names.indices {
      let cell = column < row.cells.count ? row.cells[column] : ""
      switch CellText(cell, hasDecimalComma: hasDecimalComma) {
      case .number(let number): values[column].append(number)
      case .missing: values[column].append(.nan)
      case .other:
        values[column].append(.nan)
        if texts[column] == nil {
          texts[column] = Series.Column.Text(line: row.line, content: cell)
        }
      }
    }
    lines.append(row.line)
    last = row
  }

  consuming func series(endsWithLine: Bool) throws(RecordError) -> Series {
    var cutBytes = 0
    // Without its end, a last row with too few cells is what a logger had no time to write.
    if !endsWithLine, let last, last.cells.count < names.count {
      cutBytes = last.cells.reduce(last.cells.count - 1) { $0 + $1.utf8.count }
      for column in names.indices { values[column].removeLast() }
      lines.removeLast()
    }
    guard !lines.isEmpty else {
      throw .table(path: path, line: 1, reason: "the file holds a header and no row")
    }
    let columns = names.indices.compactMap { index -> Series.Column? in
      let column = Series.Column(name: names[index], values: values[index], text: texts[index])
      // A comma at the end of each line makes a column without a name or a value.
      let isEmpty = column.text == nil && column.values.allSatisfy(\.isNaN)
      return isEmpty && column.name == "column \(index + 1)" ? nil : column
    }
    return Series(path: path, columns: columns, lines: lines, cutBytes: cutBytes)
  }
}
