/// Columns over a common time, as the page plots them.
struct SeriesTable: Equatable {
  var name: String
  /// Seconds since the episode's beginning, ascending.
  var time: [Double]
  var columns: [(name: String, values: [Float])]
  /// Samples behind a row: 1 for all of them, more where the table was thinned.
  var perPoint = 1.0

  init(name: String, time: [Double], columns: [(name: String, values: [Float])]) {
    self.name = name
    let isAscending = zip(time, time.dropFirst()).allSatisfy { $0 <= $1 }
    let order = isAscending ? [] : time.indices.sorted { (time[$0], $0) < (time[$1], $1) }
    self.time = isAscending ? time : order.map { time[$0] }
    // A column without any value would be an empty plot.
    self.columns = columns.filter { $0.values.contains(where: \.isFinite) }.map { name, values in
      (name, isAscending ? values : order.map { values[$0] })
    }
  }

  var rows: Int { time.count }

  /// What a row takes in the page, in bytes before their encoding.
  var bytesPerRow: Int { 8 + 4 * columns.count }

  static func == (a: SeriesTable, b: SeriesTable) -> Bool {
    a.name == b.name && a.time == b.time && a.perPoint == b.perPoint
      && a.columns.map(\.name) == b.columns.map(\.name)
      && a.columns.map(\.values) == b.columns.map(\.values)
  }
}

extension SeriesTable {
  /// At most `limit` rows that keep the extremes of every column.
  ///
  /// Neighbouring samples become buckets of two rows: at its first time and at its last one, with the
  /// least and the greatest value in the order in which they came.
  func thinned(to limit: Int) -> SeriesTable {
    guard rows > max(limit, 2) else { return self }
    let buckets = max(limit / 2, 1)
    var result = self
    result.perPoint = Double(rows) / Double(2 * buckets)
    let bounds = (0...buckets).map { rows * $0 / buckets }
    result.time = zip(bounds, bounds.dropFirst()).flatMap { [time[$0], time[$1 - 1]] }
    for (index, column) in columns.enumerated() {
      result.columns[index].values = zip(bounds, bounds.dropFirst()).flatMap { from, to in
        Self.extremes(column.values[from..<to])
      }
    }
    return result
  }

  /// The least and the greatest finite value in the order in which they came.
  private static func extremes(_ values: ArraySlice<Float>) -> [Float] {
    var least: Int?
    var greatest: Int?
    for place in values.indices where values[place].isFinite {
      if least.map({ values[place] < values[$0] }) ?? true { least = place }
      if greatest.map({ values[place] > values[$0] }) ?? true { greatest = place }
    }
    guard let least, let greatest else { return [.nan, .nan] }
    return [values[min(least, greatest)], values[max(least, greatest)]]
  }
}
