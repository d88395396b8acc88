import ReplanCore
import Testing

@testable import ReplanRecord

@Suite struct ControlSettingsTests {
  private func read(_ metadata: [String: String]) throws(RecordError) -> ControlSettings? {
    try ControlSettings(metadata: MetadataValues(values: metadata, path: "e.mcap", offset: 9))
  }

  @Test(
    arguments: [
      nil, .safe, .uniform(amplitude: 1 / 3, ticks: 7),
      .ornsteinUhlenbeck(timeConstant: 0.1, deviation: 1e-7),
    ] as [BasePolicy?]) func everyPolicyReadsBackBitForBit(policy: BasePolicy?) throws
  {
    for gate in [Float.infinity, 0.1, .leastNonzeroMagnitude] {
      let settings = ControlSettings(
        basePolicy: policy, gate: gate, model: .attached, isLockstep: false, processor: "x86-64")
      #expect(try read(settings.metadata) == settings)
    }
  }

  @Test func olderFilesHaveNone() throws {
    #expect(try read(["format": "1"]) == nil)
  }

  @Test(arguments: [
    ("mode", "explore"), ("policy", "uniform 1"), ("policy", "safe"), ("model", "borrowed"),
    ("gate", "wide"), ("lockstep", "perhaps"),
  ]) func aValueThatCannotBeIsTold(key: String, value: String) throws {
    var metadata = ControlSettings(
      basePolicy: nil, gate: 1, model: .file, isLockstep: true, processor: ""
    ).metadata
    metadata[key] = value
    let error = #expect(throws: RecordError.self) { try read(metadata) }
    #expect(error?.description.contains("\"\(value)\"") == true)
  }
}
