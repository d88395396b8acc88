/// The time of each row, s.
struct SeriesTime {
  /// Not a number where the row has none.
  var seconds: [Double]
  /// Where it comes from, for people.
  var origin: String

  private static let names: Set<String> = ["time", "t", "timestamp", "stamp", "elapsed", "clock"]
  private static let intervals: Set<String> = [
    "ts", "dt", "sampletime", "sampleinterval", "samplingtime", "period",
  ]
  private static let units: [String: Double] = [
    "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1, "ms": 1e-3, "us": 1e-6, "µs": 1e-6,
    "μs": 1e-6, "ns": 1e-9, "nsec": 1e-9, "usec": 1e-6, "msec": 1e-3,
  ]

  init(_ series: Series, _ settings: SeriesSettings) throws(RecordError) {
    if let name = settings.timeColumn {
      guard let column = series.column(name) else {
        throw .mapping(
          reason: "\(series.path): there is no column \"\(name)\" for the time. Columns: "
            + series.columns.map { "\"\($0.name)\"" }.joined(separator: ", "))
      }
      try self.init(column, in: series)
    } else if let rate = settings.rate {
      self.init(interval: 1 / rate, rows: series.count, origin: "the rate given")
    } else if let column = series.columns.first(where: { Self.unit(ofTime: $0.name) != nil }) {
      try self.init(column, in: series)
    } else if let column = series.columns.first(where: { Self.isInterval($0) }) {
      self.init(
        interval: column.scalar!, rows: series.count, origin: "the interval in \"\(column.name)\"")
    } else {
      throw .mapping(
        reason: "\(series.path): no column is called time, so nothing says when the rows were "
          + "taken. Name it (--time COLUMN), or give the rows' rate (--rate HZ). Columns: "
          + series.columns.map { "\"\($0.name)\"" }.joined(separator: ", "))
    }
  }

  private init(interval: Double, rows: Int, origin: String) {
    seconds = (0..<rows).map { Double($0) * interval }
    self.origin = origin
  }

  private init(_ column: Series.Column, in series: Series) throws(RecordError) {
    if let text = column.text {
      throw .table(
        path: series.path, line: text.line,
        reason: "the time \"\(text.content)\" is neither a number nor a date and time")
    }
    var unit = Self.unit(ofTime: column.name) ?? 1
    origin = "column \"\(column.name)\""
    // Not a number is neither less nor greater, so that it would be the largest if it came first.
    if unit == 1, let largest = column.values.filter(\.isFinite).max(), largest > 1e11 {
      // Seconds since 1970 have ten digits until the year 2286.
      unit = largest > 1e17 ? 1e-9 : largest > 1e14 ? 1e-6 : 1e-3
      origin += ", taken for " + (unit == 1e-9 ? "ns" : unit == 1e-6 ? "us" : "ms")
    }
    // Subtracting first keeps the digits of stamps that count from 1970.
    let start = column.values.first { $0.isFinite } ?? 0
    seconds = column.values.map { ($0 - start) * unit }
  }

  /// Seconds of a unit of a time column by its name, as `time_ms` or `Time [us]`; nil if it is none.
  static func unit(ofTime name: String) -> Double? {
    let words = name.lowercased().split { !$0.isLetter }.map(String.init)
    guard let first = words.first, names.contains(first) else { return nil }
    guard words.count > 1 else { return 1 }
    return words.count == 2 ? units[words[1]] : nil
  }

  private static func isInterval(_ column: Series.Column) -> Bool {
    guard let scalar = column.scalar, scalar > 0 else { return false }
    return intervals.contains(column.name.lowercased().filter(\.isLetter))
  }
}
