import Foundation

/// Where a table's columns are in its episode's block.
struct SeriesLayout: Encodable, Equatable {
  var name: String
  var rows: Int
  var perPoint: Double
  /// Times as 64-bit floats first, then these as 32-bit floats, each filled up to 8 bytes.
  var columns: [String]
  var offset: Int
}

/// Tables as the bytes that the page's scripts take as typed arrays.
struct SeriesBlock {
  private(set) var bytes: [UInt8] = []
  private(set) var layouts: [SeriesLayout] = []

  init(_ tables: [SeriesTable]) {
    bytes.reserveCapacity(tables.reduce(0) { $0 + $1.rows * $1.bytesPerRow + 64 })
    for table in tables {
      layouts.append(
        SeriesLayout(
          name: table.name, rows: table.rows, perPoint: table.perPoint,
          columns: table.columns.map(\.name), offset: bytes.count))
      append(table.time)
      for column in table.columns { append(column.values) }
    }
  }

  private mutating func append<Number>(_ values: [Number]) {
    // SAFETY: the bytes of an array of floats, which have no padding; both sides are little-endian.
    values.withUnsafeBytes { bytes += $0 }
    while bytes.count % 8 != 0 { bytes.append(0) }
  }

  /// The tables, thinned so that they take no more than `limit` bytes.
  static func fitting(_ tables: [SeriesTable], limit: Int) -> SeriesBlock {
    let full = tables.reduce(0) { $0 + $1.rows * $1.bytesPerRow }
    guard full > limit else { return SeriesBlock(tables) }
    let share = Double(limit) / Double(full)
    // As many points as a wide screen has columns are always kept.
    return SeriesBlock(
      tables.map { $0.thinned(to: max(fewestRows, Int(Double($0.rows) * share))) })
  }

  static let fewestRows = 1000
}
