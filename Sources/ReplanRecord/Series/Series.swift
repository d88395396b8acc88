/// A table of numbers as another program logged it: named columns, one row a sample.
///
/// ```swift
/// let series = try Series.read("log.csv")
/// let conversion = try SeriesConversion(
///   series, to: channels, map: ColumnMap(["theta=pole_angle"]), settings: .init(tick: 0.02))
/// ```
public struct Series: Sendable, Equatable {
  public struct Column: Sendable, Equatable {
    public let name: String
    /// One value a row; not a number where the cell is empty or holds none.
    public let values: [Double]
    /// The first cell that holds something else than a number.
    public let text: Text?

    public struct Text: Sendable, Equatable {
      public let line: Int
      public let content: String
    }

    /// The value of a column that has one in its first row only, as files give a constant.
    public var scalar: Double? {
      guard values.count > 1, let first = values.first, first.isFinite,
        values.dropFirst().allSatisfy(\.isNaN)
      else { return nil }
      return first
    }
  }

  public let path: String
  public let columns: [Column]
  /// The line of the file that each row stands in.
  public let lines: [Int]
  /// Bytes of a last row that its writer did not finish; it is left out.
  public let cutBytes: Int

  public var count: Int { lines.count }

  public func column(_ name: String) -> Column? { columns.first { $0.name == name } }

  public init(path: String, columns: [Column], lines: [Int], cutBytes: Int = 0) {
    self.path = path
    self.columns = columns
    self.lines = lines
    self.cutBytes = cutBytes
  }
}
