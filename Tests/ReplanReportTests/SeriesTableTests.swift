import Testing

@testable import ReplanReport

struct SeriesTableTests {
  private func table(_ values: [Float]..., time: [Double]? = nil) -> SeriesTable {
    SeriesTable(
      name: "t", time: time ?? values[0].indices.map { Double($0) },
      columns: values.enumerated().map { ("c\($0)", $1) })
  }

  @Test func fewRowsStayAsTheyAre() {
    let whole = table([3, 1, 2, 5])
    #expect(whole.thinned(to: 4) == whole)
    #expect(whole.thinned(to: 4).perPoint == 1)
  }

  @Test func aBucketKeepsItsExtremesInTheirOrder() {
    let thinned = table([0, 9, -9, 1, 5, 4, 3, 8], [1, 1, 1, 1, 2, 2, 2, 2]).thinned(to: 4)
    #expect(thinned.time == [0, 3, 4, 7])
    #expect(thinned.columns[0].values == [9, -9, 3, 8])
    #expect(thinned.columns[1].values == [1, 1, 2, 2])
    #expect(thinned.perPoint == 2)
  }

  @Test(arguments: [10, 999, 1000, 4001], [2, 3, 100, 998])
  func extremesSurvive(rows: Int, limit: Int) {
    let columns = [7919, 104_729, 1_299_709].map { prime in
      (0..<rows).map { Float($0 * prime % 10_007) - 5000 }
    }
    let whole = table(columns[0], columns[1], columns[2])
    let thinned = whole.thinned(to: limit)
    #expect(thinned.rows <= max(limit, 2))
    #expect(thinned.time == thinned.time.sorted())
    for (before, after) in zip(whole.columns, thinned.columns) {
      #expect(after.values.min() == before.values.min())
      #expect(after.values.max() == before.values.max())
      #expect(Set(after.values).isSubset(of: Set(before.values)))
    }
  }

  @Test func whatIsNotFiniteHidesNothing() {
    let thinned = table([.nan, 4, .infinity, -2, .nan, .nan, .nan, .nan]).thinned(to: 4)
    #expect(thinned.columns[0].values.prefix(2) == [4, -2])
    #expect(thinned.columns[0].values.suffix(2).allSatisfy { $0.isNaN })
  }

  @Test func columnsWithoutAValueAreLeftOut() {
    #expect(table([1, 2], [.nan, .infinity]).columns.map(\.name) == ["c0"])
  }

  @Test func timesBecomeAscending() {
    let sorted = table([10, 30, 20], time: [1, 3, 2])
    #expect(sorted.time == [1, 2, 3] && sorted.columns[0].values == [10, 20, 30])
  }
}

struct SeriesBlockTests {
  private func table(rows: Int) -> SeriesTable {
    SeriesTable(
      name: "t", time: (0..<rows).map { 0.5 * Double($0) },
      columns: [("a", (0..<rows).map { Float($0) }), ("b", (0..<rows).map { -Float($0) })])
  }

  @Test func columnsLieWhereTheLayoutSays() throws {
    let block = SeriesBlock([table(rows: 3), table(rows: 2)])
    #expect(block.layouts.map(\.offset) == [0, 3 * 8 + 2 * 16])
    #expect(block.bytes.count == 56 + 2 * 8 + 2 * 8)
    func number<Number>(_ type: Number.Type, at offset: Int) -> Number {
      block.bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: type) }
    }
    #expect(number(Double.self, at: 16) == 1)
    #expect(number(Float.self, at: 24 + 8) == 2)
    #expect(number(Float.self, at: 24 + 16 + 4) == -1)
    #expect(number(Double.self, at: 56 + 8) == 0.5)
  }

  @Test func aLimitThinsAndIsKept() {
    let tables = [table(rows: 50_000), table(rows: 50_000)]
    let block = SeriesBlock.fitting(tables, limit: 200_000)
    #expect(block.bytes.count <= 200_000)
    #expect(block.layouts.allSatisfy { $0.rows > 5000 && $0.perPoint > 5 })
    #expect(SeriesBlock.fitting(tables, limit: .max).layouts.allSatisfy { $0.perPoint == 1 })
    // Something is always shown.
    #expect(
      SeriesBlock.fitting(tables, limit: 0).layouts.map(\.rows)
        == [SeriesBlock.fewestRows, SeriesBlock.fewestRows])
  }
}
