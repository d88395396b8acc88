/// Which column of a table fills which channel, and how its unit becomes the channel's.
///
/// Each entry is written `column=channel`, `column=channel*scale` or `column=channel*scale+offset`;
/// `deg` as a scale turns degrees into radians. A channel that no entry names takes the column of
/// its own name.
public struct ColumnMap: Sendable, Equatable {
  public struct Entry: Sendable, Equatable {
    public var column: String
    public var channel: String
    /// The channel's value is the column's times the scale, plus the offset.
    public var scale = 1.0
    public var offset = 0.0
  }

  public private(set) var entries: [Entry] = []

  public init() {}

  /// - Throws: `mapping` for a text that is no entry, or a channel that is named twice.
  public init(_ texts: [String]) throws(RecordError) {
    for text in texts {
      guard let entry = Entry(text) else {
        throw .mapping(
          reason: "\"\(text)\" does not map a column; write column=channel, "
            + "or column=channel*scale+offset (deg as the scale for degrees)")
      }
      guard !entries.contains(where: { $0.channel == entry.channel }) else {
        throw .mapping(reason: "channel \(entry.channel) is mapped twice; drop one of the two")
      }
      entries.append(entry)
    }
  }
}

extension ColumnMap.Entry {
  /// The last `=` parts column from channel, as no channel's name can hold one.
  init?(_ text: String) {
    guard let equals = text.lastIndex(of: "="), equals > text.startIndex else { return nil }
    let column = text[..<equals].trimmed
    let target = text[text.index(after: equals)...].trimmed
    guard let star = target.firstIndex(of: "*") else {
      guard ChannelNames.fault(in: [target]) == nil, !column.isEmpty else { return nil }
      self.init(column: column, channel: target)
      return
    }
    let channel = target[..<star].trimmed
    var terms = target[target.index(after: star)...].trimmed
    var offset = 0.0
    // A sign behind an exponent's e or at the front belongs to the scale.
    let sign = terms.indices.dropFirst().first {
      "+-".contains(terms[$0]) && !"eE".contains(terms[terms.index(before: $0)])
    }
    if let sign {
      guard let value = Double(terms[sign...].filter { $0 != " " }) else { return nil }
      offset = value
      terms = terms[..<sign].trimmed
    }
    let scale = terms == "deg" ? .pi / 180 : Double(terms)
    guard let scale, scale.isFinite, scale != 0, offset.isFinite,
      ChannelNames.fault(in: [channel]) == nil, !column.isEmpty
    else { return nil }
    self.init(column: column, channel: channel, scale: scale, offset: offset)
  }
}

extension StringProtocol {
  fileprivate var trimmed: String {
    var text = self[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}

extension ColumnMap {
  /// The values of each channel, one a row of the series; observations, then actions.
  ///
  /// - Throws: `mapping` with all that does not fit, the columns there are, and the likeliest ones.
  func values(
    of series: Series, for channels: SeriesChannels
  ) throws(RecordError) -> [[Double]] {
    var faults: [String] = []
    for entry in entries
    where !channels.names.contains(entry.channel) && entry.channel != Self.cost {
      faults.append("the robot has no channel \(entry.channel)")
    }
    if let cost = entries.first(where: { $0.channel == Self.cost }),
      !channels.names.contains(Self.cost), series.column(cost.column) == nil
    {
      faults.append("there is no column \"\(cost.column)\" for the cost")
    }
    var result: [[Double]] = []
    for channel in channels.names {
      let entry =
        entries.first { $0.channel == channel } ?? Entry(column: channel, channel: channel)
      guard let column = series.column(entry.column) else {
        let isMapped = entries.contains { $0.channel == channel }
        faults.append(
          (isMapped ? "there is no column \"\(entry.column)\"" : "channel \(channel) has no column")
            + Self.guess(channel: channel, wanted: entry.column, series))
        continue
      }
      if let text = column.text {
        faults.append(
          "column \"\(column.name)\" holds \"\(text.content)\" in line \(text.line), "
            + "which is no number")
      }
      result.append(column.values.map { $0 * entry.scale + entry.offset })
    }
    guard faults.isEmpty else {
      throw .mapping(
        reason: "\(series.path): " + faults.joined(separator: "; ")
          + ". Columns: " + series.columns.map { "\"\($0.name)\"" }.joined(separator: ", ")
          + "; channels: " + channels.names.joined(separator: ", ")
          + ". Name the pairs by --map column=channel")
    }
    return result
  }

  /// The name under which a series tells the cost measured at each sample, if it does; as export writes it.
  private static let cost = "measured_cost"

  /// The measured cost of each row; not a number where there is none.
  func costs(of series: Series) -> [Double] {
    let entry =
      entries.first { $0.channel == Self.cost } ?? Entry(column: Self.cost, channel: Self.cost)
    guard let column = series.column(entry.column) else {
      return [Double](repeating: .nan, count: series.count)
    }
    return column.values.map { $0 * entry.scale + entry.offset }
  }

  private static func guess(channel: String, wanted: String, _ series: Series) -> String {
    let names = series.columns.map(\.name)
    guard let name = nearest(to: wanted, in: names) ?? nearest(to: channel, in: names) else {
      return ""
    }
    return " (perhaps --map \"\(name)=\(channel)\")"
  }

  /// A name that is the same but for case and punctuation, or a part of the other.
  private static func nearest(to word: String, in names: [String]) -> String? {
    func letters(_ text: String) -> String {
      text.lowercased().filter { $0.isLetter || $0.isNumber }
    }
    let wanted = letters(word)
    guard !wanted.isEmpty else { return nil }
    if let same = names.first(where: { letters($0) == wanted }) { return same }
    return names.filter { $0.count > 1 }.first {
      let name = letters($0)
      return !name.isEmpty && (wanted.contains(name) || name.contains(wanted))
    }
  }
}
