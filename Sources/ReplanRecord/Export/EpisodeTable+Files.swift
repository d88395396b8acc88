import Glibc

extension EpisodeTable {
  public enum Format: String, Sendable, CaseIterable {
    case csv, npz
  }

  /// The content of a file.
  public func encoded(as format: Format) -> [UInt8] {
    switch format {
    case .csv: csv()
    case .npz: npz()
    }
  }

  /// Writes a file; a crash leaves all of it or none.
  ///
  /// - Throws: `file`, also for one that is there, unless it may be replaced.
  public func write(
    as format: Format, to path: String, replacing: Bool = false
  ) throws(RecordError) {
    guard replacing || !Files.exists(path) else {
      throw .file(path: path, operation: "create", code: EEXIST)
    }
    try Files.writeAtomically(encoded(as: format), to: path)
  }

  /// A header, then a line a row; numbers as the shortest decimals that read back as the same bits.
  private func csv() -> [UInt8] {
    let cells = columns.map { column -> [String] in
      switch column.values {
      case .floats(let values): values.map { $0.isNaN ? "" : "\($0)" }
      case .doubles(let values): values.map(Self.text)
      case .texts(let values): values
      }
    }
    var text = columns.map(\.name).joined(separator: ",") + "\n"
    for row in 0..<count { text += cells.map { $0[row] }.joined(separator: ",") + "\n" }
    return Array(text.utf8)
  }

  /// Whole numbers without a point, as counts are.
  private static func text(_ value: Double) -> String {
    guard !value.isNaN else { return "" }
    if value == 0, value.sign == .minus { return "-0.0" }
    return Int(exactly: value).map { "\($0)" } ?? "\(value)"
  }

  /// One array a column.
  private func npz() -> [UInt8] {
    var archive = NumpyArchive()
    for column in columns {
      switch column.values {
      case .floats(let values): archive.add(column.name, values)
      case .doubles(let values): archive.add(column.name, values)
      case .texts(let values): archive.add(column.name, values)
      }
    }
    return archive.encoded()
  }
}
