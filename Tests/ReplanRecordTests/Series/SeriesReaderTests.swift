import Testing

@testable import ReplanRecord

@Suite struct SeriesReaderTests {
  private func series(_ text: String) throws(RecordError) -> Series {
    try Series.decode(Array(text.utf8), path: "log.csv")
  }

  private func values(_ text: String) throws -> [String: [Double]] {
    Dictionary(uniqueKeysWithValues: try series(text).columns.map { ($0.name, $0.values) })
  }

  private func fault(_ text: String) -> String {
    do throws(RecordError) {
      return "\(try series(text).columns)"
    } catch {
      return error.description
    }
  }

  @Test func readsNumbersByTheNamesOfTheirColumns() throws {
    #expect(
      try values("time,x\n0,1.5\n0.02,-2e-3\n") == ["time": [0, 0.02], "x": [1.5, -0.002]])
  }

  /// The same table, as loggers write it.
  @Test(arguments: [
    "# Saving: 0.02 s, \"quoted\n\n# more\ntime,x\n0,1.5\n0.02,-2e-3\n",
    "\"time\",\"x\",\r\n0,1.5,\r\n0.02,-2e-3,\r\n",
    "\u{FEFF}time;x\n0;1,5\n0,02;-2e-3",
    "time\tx\n0\t1.5\n0.02\t-0.002\n",
    "  time   x\n  0   1.5  \n0.02  -0.002\n\n",
    "# time,x\n0,1.5\n2.000000000000000000e-02,-2.0e-03\n",
    "time, x\r0, 1.5\r0.02 , -.002\r",
    "% exported\ntime,\"x\"\n\"0\",\"1.5\"\n% in between\n0.02,-0.002\n",
  ])
  func readsWhatLoggersWrite(text: String) throws {
    #expect(try values(text) == ["time": [0, 0.02], "x": [1.5, -0.002]])
  }

  @Test func quotedNamesMayHoldAnything() throws {
    let series = try series("\"pole, \"\"angle\"\"\nin rad\",x\n1,2\n")
    #expect(series.columns.map(\.name) == ["pole, \"angle\"\nin rad", "x"])
    #expect(series.lines == [3])
  }

  @Test func cellsThatHoldNothingAreNotANumber() throws {
    let column = try values("t,x\n0,\n1,NaN\n2,null\n3,N/A\n4,7\n5\n")["x"]!
    #expect(column.map(\.isNaN) == [true, true, true, true, false, true])
  }

  @Test func textIsKeptWithItsLine() throws {
    let series = try series("# c\nt,mode\n0,1\n1,auto\n2,manual\n")
    #expect(series.column("mode")?.text == .init(line: 4, content: "auto"))
    #expect(series.column("t")?.text == nil)
    #expect(series.lines == [3, 4, 5])
  }

  @Test func aConstantStandsInTheFirstRowAlone() throws {
    let series = try series("\"u\",\"y\",\"Ts\",\n3.2,5.2,4,\n3.1,5.1,,\n\n")
    #expect(series.columns.map(\.name) == ["u", "y", "Ts"])
    #expect(series.column("Ts")?.scalar == 4)
    #expect(series.column("u")?.scalar == nil)
  }

  @Test func dateAndTimeAreSeconds() throws {
    let stamps = try values(
      "time,x\n2026-01-31T12:00:00.25Z,1\n2026-01-31 12:00:01,1\n2026-01-31T13:00:02+01:00,1\n"
    )["time"]!
    #expect(stamps == [1_769_860_800.25, 1_769_860_801, 1_769_860_802])
  }

  @Test func aLastRowThatIsCutOffIsLeftOut() throws {
    let cut = try series("t,x,y\n0,1,2\n1,3")
    #expect(cut.count == 1 && cut.cutBytes == 3)
    let whole = try series("t,x,y\n0,1,2\n1,3,4")
    #expect(whole.count == 2 && whole.cutBytes == 0)
  }

  @Test(arguments: [
    ("", "log.csv:1: the file holds no row."),
    ("# only\n", "log.csv:1: the file holds no row."),
    ("t,x\n", "log.csv:1: the file holds a header and no row."),
    ("0,1\n2,3\n", "log.csv:1: a row of numbers where the header should be"),
    ("t,x,x\n0,1,2\n", "log.csv:1: two columns are called \"x\"; rename one."),
    ("# c\nt,x\n0,1\n1,2,3\n", "log.csv:4: 3 cells, where the header names 2 columns."),
    ("t,x\n0,\"1\n2,3\n", "log.csv:2: a quote is opened and never closed."),
    ("t,x\n0,\"1\"2\n", "log.csv:2: text follows the closing quote of \"1\"."),
    ("t,x\n0,\u{0}\n", "log.csv:2: a zero byte: this is no text; export it as CSV in UTF-8."),
  ])
  func faultsNameTheirLine(text: String, message: String) {
    #expect(fault(text).hasPrefix(message))
  }

  @Test func noBytesMakeTheReaderTrap() {
    var random = SeededGenerator(seed: 11)
    let source = Array("# c\n\"time\";x,\n0;1,5\n\"2026-01-31T12:00:00Z\";nan\r\n3 4\t\"".utf8)
    var (readable, refused) = (0, 0)
    for _ in 0..<3000 {
      var bytes = source
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        bytes[place] =
          Bool.random(using: &random)
          ? source.randomElement(using: &random)! : UInt8.random(in: 0...255, using: &random)
      }
      bytes.removeLast(Int.random(in: 0...10, using: &random))
      do throws(RecordError) {
        let series = try Series.decode(bytes, path: "log.csv")
        #expect(series.columns.allSatisfy { $0.values.count == series.count })
        readable += 1
      } catch {
        #expect(error.description.hasPrefix("log.csv:"))
        refused += 1
      }
    }
    #expect(readable > 100 && refused > 100)
  }
}
