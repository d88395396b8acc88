import Yams

/// A text with the places of its YAML nodes: marks become offsets.
struct SourceText {
  /// Without a byte order mark, as the nodes' marks count.
  private(set) var scalars: [Unicode.Scalar]
  private let isMarked: Bool
  private var lineStarts: [Int] = []

  init(_ text: String) {
    isMarked = text.unicodeScalars.first == "\u{FEFF}"
    scalars = Array(isMarked ? text.unicodeScalars.dropFirst() : text.unicodeScalars[...])
    findLines()
  }

  var text: String {
    var result = String.UnicodeScalarView()
    if isMarked { result.append("\u{FEFF}") }
    result.append(contentsOf: scalars)
    return String(result)
  }

  /// The line break that the text uses; a new one is like the first.
  var newline: String {
    guard let end = scalars.firstIndex(where: Self.isBreak) else { return "\n" }
    let isPair = scalars[end] == "\r" && end + 1 < scalars.count && scalars[end + 1] == "\n"
    return isPair ? "\r\n" : String(scalars[end])
  }

  mutating func replace(_ range: Range<Int>, with text: String) {
    scalars.replaceSubrange(range, with: text.unicodeScalars)
    findLines()
  }

  /// The offset of a mark; nil if there is none, or if it is not in the text.
  func offset(_ mark: Mark?) -> Int? {
    guard let mark, mark.line >= 1, mark.line <= lineStarts.count else { return nil }
    let offset = lineStarts[mark.line - 1] + mark.column - 1
    return offset <= scalars.count ? offset : nil
  }

  /// Where a scalar is written, quotes included; nil if it takes several lines or has a tag.
  func range(of scalar: Node.Scalar) -> Range<Int>? {
    guard let start = offset(scalar.mark), start < scalars.count else { return nil }
    switch scalar.style {
    case .singleQuoted, .doubleQuoted:
      let quote = scalars[start]
      guard quote == "'" || quote == "\"" else { return nil }
      var end = start + 1
      while end < scalars.count, scalars[end] != quote, !Self.isBreak(scalars[end]) {
        // What escapes are there is no number, and is not to be edited.
        if scalars[end] == "\\" { return nil }
        end += 1
      }
      return end < scalars.count && scalars[end] == quote ? start..<(end + 1) : nil
    case .plain, .any:
      let written = Array(scalar.string.unicodeScalars)
      let end = start + written.count
      guard !written.isEmpty, end <= scalars.count, Array(scalars[start..<end]) == written
      else { return nil }
      return start..<end
    case .literal, .folded: return nil
    }
  }

  /// Where a collection in brackets is written; nil if none begins at the mark.
  func flowRange(at mark: Mark?) -> Range<Int>? {
    guard let start = offset(mark), start < scalars.count,
      scalars[start] == "[" || scalars[start] == "{"
    else { return nil }
    var (depth, place) = (0, start)
    var quote: Unicode.Scalar?
    while place < scalars.count {
      let scalar = scalars[place]
      switch (quote, scalar) {
      case ("\""?, "\\"): place += 1
      case (let open?, _): if scalar == open { quote = nil }
      case (nil, "\""), (nil, "'"): quote = scalar
      case (nil, "#") where scalars[place - 1].properties.isWhitespace:
        place = lineEnd(place) - 1
      case (nil, "["), (nil, "{"): depth += 1
      case (nil, "]"), (nil, "}"):
        depth -= 1
        if depth == 0 { return start..<(place + 1) }
      default: break
      }
      place += 1
    }
    return nil
  }

  /// Where the line ends that an offset lies in.
  func lineEnd(_ offset: Int) -> Int {
    scalars[offset...].firstIndex(where: Self.isBreak) ?? scalars.count
  }

  private mutating func findLines() {
    lineStarts = [0]
    for (index, scalar) in scalars.enumerated() where Self.isBreak(scalar) {
      let isHalf = scalar == "\r" && index + 1 < scalars.count && scalars[index + 1] == "\n"
      if !isHalf { lineStarts.append(index + 1) }
    }
  }

  /// The line breaks of YAML 1.1, which libYAML counts.
  private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": true
    default: false
    }
  }
}
