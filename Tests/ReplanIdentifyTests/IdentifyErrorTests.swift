import Testing

@testable import ReplanIdentify

@Suite struct IdentifyErrorTests {
  @Test func errorsSayWhatToDo() {
    #expect(IdentifyError.noPhysics(robot: "arm").description.contains("model: {physics"))
    #expect(IdentifyError.noFit(starts: 3).description.contains("model.parameters"))
    #expect(IdentifyError.nothingMeasured(channels: ["a"]).description.contains("--map"))
  }
}
