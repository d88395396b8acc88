import Testing

@testable import ReplanScenarios

/// A simulated plant's log as samples in the episode's time.
@Suite struct PlantLogTests {
  private let head =
    "time_s,sequence,true_x,true_v,x,v,commanded_0,applied_0,action_sequence,armed,watchdog,fault\n"

  private func row(_ sequence: Int, armed: Bool = true, starved: Bool = false) -> String {
    "9.0,\(sequence),\(sequence)5,0.5,7,7,1,\(sequence),3,\(armed ? 1 : 0),\(starved ? 1 : 0),\n"
  }

  private func samples(_ rows: [String]) throws -> [Recording.PlantSample] {
    try #require(PlantLog(text: head + rows.joined()))
      .samples(states: 2, actions: 1, period: 0.02)
  }

  @Test func timeCountsFromTheResetBeforeArming() throws {
    let found = try samples([
      row(0, armed: false), row(1, armed: false), row(0, armed: false), row(1, armed: false),
      row(2), row(3, starved: true),
    ])
    #expect(found.map(\.time) == [0, 0.02, 0.04, 0.06])
    #expect(found.map(\.isArmed) == [false, false, true, true])
    #expect(found.map(\.isStarved) == [false, false, false, true])
    #expect(found[2].state == [25, 0.5] && found[2].applied == [2])
  }

  @Test func lostLinesLeaveAGap() throws {
    #expect(try samples([row(0), row(1), row(4)]).map(\.time) == [0, 0.02, 0.08])
  }

  @Test func aRestartGoesOnInTime() throws {
    let found = try samples([
      row(0), row(1), row(2), row(0, armed: false), row(1, armed: false),
    ])
    #expect(found.map { ($0.time * 50).rounded() } == [0, 1, 2, 3, 4])
    #expect(found.last?.isArmed == false)
  }

  @Test func halfALineIsLeftOut() throws {
    #expect(try samples([row(0), row(1), "9.0,2,1"]).count == 2)
  }

  @Test func neverArmedIsNoEpisode() throws {
    #expect(try samples([row(0, armed: false)]).isEmpty)
  }

  @Test func anotherFileIsNoLog() {
    #expect(PlantLog(text: "") == nil)
    #expect(PlantLog(text: "a,b\n1,2\n") == nil)
    #expect(PlantLog(path: "/no/such/log") == nil)
  }
}
