/// Reads a table of text row by row: CSV as RFC 4180 has it, and what loggers make of it.
///
/// Comment lines (`#`, `%`) and empty lines are passed over, cells may be quoted, the delimiter is
/// the header's: comma, semicolon, tab, or else runs of spaces. Each row knows its line, so that
/// faults can name it.
struct DelimitedText {
  struct Row: Equatable {
    /// From 1.
    var line: Int
    var cells: [String]
  }

  enum Delimiter: UInt8 {
    case comma = 0x2C
    case semicolon = 0x3B
    case tab = 0x09
    case spaces = 0x20
  }

  let path: String
  let delimiter: Delimiter
  /// The last comment line before the row that was read last, without its mark.
  private(set) var lastComment: (line: Int, text: String)?
  private let bytes: [UInt8]
  private var place: Int
  private var line = 1

  init(_ bytes: [UInt8], path: String) {
    self.bytes = bytes
    self.path = path
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    place = bytes.starts(with: mark) ? mark.count : 0
    delimiter = Self.delimiter(of: bytes[place...])
  }

  /// True if the last line has its end: nobody was cut off in the middle of it.
  var endsWithLine: Bool { bytes.last == 0x0A || bytes.last == 0x0D }

  /// The next row that holds something; nil at the end.
  mutating func next() throws(RecordError) -> Row? {
    while place < bytes.count {
      let start = line
      if Self.isComment(bytes[place...]) {
        lastComment = (line, commentText())
        continue
      }
      let cells = try row()
      if cells.contains(where: { !$0.isEmpty }) { return Row(line: start, cells: cells) }
    }
    return nil
  }

  /// Splits a comment as a row would be; for headers that stand behind a comment mark.
  func split(_ text: String) -> [String]? {
    var other = DelimitedText(Array(text.utf8), path: path)
    return (try? other.next())?.cells
  }

  private static func isComment(_ rest: ArraySlice<UInt8>) -> Bool {
    let first = rest.first { $0 != 0x20 && $0 != 0x09 }
    return first == UInt8(ascii: "#") || first == UInt8(ascii: "%")
  }

  private static func delimiter(of bytes: ArraySlice<UInt8>) -> Delimiter {
    for line in bytes.prefix(1 << 16).split(whereSeparator: { $0 == 0x0A || $0 == 0x0D })
    where !isComment(line) {
      for delimiter in [Delimiter.semicolon, .tab, .comma] where line.contains(delimiter.rawValue) {
        return delimiter
      }
      return .spaces
    }
    return .comma
  }

  private mutating func commentText() -> String {
    let end = bytes[place...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count
    let text = bytes[place..<end].drop { [0x20, 0x09, 0x23, 0x25].contains($0) }
    place = end
    endLine()
    return String(decoding: text, as: UTF8.self)
  }

  /// Passes the end of a line: LF, CR LF or CR.
  private mutating func endLine() {
    guard place < bytes.count else { return }
    if bytes[place] == 0x0D, place + 1 < bytes.count, bytes[place + 1] == 0x0A { place += 1 }
    place += 1
    line += 1
  }

  private mutating func row() throws(RecordError) -> [String] {
    var cells: [String] = []
    while true {
      cells.append(try cell())
      guard place < bytes.count, bytes[place] == delimiter.rawValue else { break }
      place += 1
    }
    endLine()
    return cells
  }

  private mutating func cell() throws(RecordError) -> String {
    skipSpaces()
    guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else {
      let start = place
      while place < bytes.count, !isCellEnd(bytes[place]) { place += 1 }
      var end = place
      while end > start, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
      if delimiter == .spaces { skipSpaces(leavingOne: true) }
      return String(decoding: bytes[start..<end], as: UTF8.self)
    }
    let text = try quoted()
    skipSpaces(leavingOne: delimiter == .spaces)
    guard place == bytes.count || isCellEnd(bytes[place]) else {
      throw .table(
        path: path, line: line, reason: "text follows the closing quote of \"\(text)\"")
    }
    return text
  }

  /// A quoted cell, in which two quotes stand for one and lines may end.
  private mutating func quoted() throws(RecordError) -> String {
    let first = line
    var text: [UInt8] = []
    place += 1
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      if byte == UInt8(ascii: "\"") {
        guard place < bytes.count, bytes[place] == byte else {
          return String(decoding: text, as: UTF8.self)
        }
        place += 1
      } else if byte == 0x0A {
        line += 1
      }
      text.append(byte)
    }
    throw .table(path: path, line: first, reason: "a quote is opened and never closed")
  }

  private func isCellEnd(_ byte: UInt8) -> Bool {
    byte == delimiter.rawValue || byte == 0x0A || byte == 0x0D
  }

  private mutating func skipSpaces(leavingOne: Bool = false) {
    let start = place
    while place < bytes.count, bytes[place] == 0x20 || (bytes[place] == 0x09 && delimiter != .tab) {
      place += 1
    }
    // Of several spaces one is the delimiter, but those before the end of a line are none.
    if leavingOne, place > start, place < bytes.count, bytes[place] != 0x0A, bytes[place] != 0x0D {
      place -= 1
    }
  }
}
