import Testing

@testable import ReplanRecord

@Suite struct ColumnMapTests {
  private let channels = SeriesChannels(
    observations: [.init(name: "pole_angle", isAngle: true), .init(name: "speed")],
    actions: ["force"])

  private func series(_ names: [String], _ row: [Double] = []) -> Series {
    Series(
      path: "log.csv",
      columns: names.enumerated().map { index, name in
        Series.Column(name: name, values: [row.isEmpty ? 1 : row[index]], text: nil)
      }, lines: [2])
  }

  private func fault(_ map: [String], _ series: Series) -> String {
    do throws(RecordError) {
      return "\(try ColumnMap(map).values(of: series, for: channels))"
    } catch {
      return error.description
    }
  }

  @Test func channelsTakeTheColumnsOfTheirNameUnlessMapped() throws {
    let series = series(["force", "th (deg)", "pole_angle", "speed"], [4, 180, 2, 3])
    #expect(try ColumnMap().values(of: series, for: channels) == [[2], [3], [4]])
    let map = try ColumnMap(["th (deg)=pole_angle*deg", "force = speed * 2e-1 - 0.5"])
    let values = try map.values(of: series, for: channels)
    #expect(values[0] == [.pi])
    #expect(abs(values[1][0] - 0.3) < 1e-12 && values[2] == [4])
  }

  @Test func theLastEqualsSignPartsColumnFromChannel() throws {
    let map = try ColumnMap(["a=b=force"])
    #expect(map.entries == [.init(column: "a=b", channel: "force")])
  }

  @Test(arguments: [
    "force", "=force", "x=", "x=Force", "x=force*", "x=force*0", "x=force*two", "x=force*nan",
    "x=force*1+", "x=force+1",
  ])
  func otherTextsAreRefused(text: String) {
    let error = #expect(throws: RecordError.self) { try ColumnMap([text]) }
    #expect(error?.description.contains("\"\(text)\" does not map a column") == true)
  }

  @Test func aChannelIsMappedOnce() {
    #expect(throws: RecordError.self) { try ColumnMap(["a=force", "b=force"]) }
  }

  @Test func whatDoesNotFitIsToldAtOnceWithTheLikeliestColumns() {
    let message = fault(["Q=force", "speed=velocity"], series(["time", "Angle", "speedD"]))
    #expect(
      message == "log.csv: the robot has no channel velocity; channel pole_angle has no column "
        + "(perhaps --map \"Angle=pole_angle\"); channel speed has no column "
        + "(perhaps --map \"speedD=speed\"); there is no column \"Q\". Columns: \"time\", "
        + "\"Angle\", \"speedD\"; channels: pole_angle, speed, force. Name the pairs by "
        + "--map column=channel.")
  }

  @Test func textInAColumnThatIsNeededIsAFault() {
    var columns = series(["pole_angle", "speed"]).columns
    columns.append(.init(name: "force", values: [.nan], text: .init(line: 7, content: "off")))
    let message = fault([], Series(path: "log.csv", columns: columns, lines: [2]))
    #expect(message.contains("column \"force\" holds \"off\" in line 7, which is no number"))
  }

  @Test func aCostIsTakenWhereThereIsOne() throws {
    let series = series(["pole_angle", "speed", "force", "reward"], [1, 2, 3, 4])
    #expect(try ColumnMap(["reward=measured_cost*-1"]).costs(of: series) == [-4])
    #expect(ColumnMap().costs(of: series)[0].isNaN)
    #expect(fault(["r=measured_cost"], series).contains("no column \"r\" for the cost"))
  }
}
