import Testing

@testable import ReplanRecord

@Suite struct ModelAttachmentTests {
  @Test(arguments: [0, 1, 9999, 10_000, UInt32.max]) func namesReadBack(generation: UInt32) {
    let name = ModelAttachment.name(generation)
    #expect(name.hasPrefix("models/") && name.hasSuffix(".safetensors"))
    #expect(ModelAttachment.generation(of: name) == generation)
  }

  @Test(arguments: ["robot.yaml", "models/1.safetensors", "models/-001.safetensors", "models/"])
  func othersAreNone(name: String) {
    #expect(ModelAttachment.generation(of: name) == nil)
  }

  @Test func modelsStandWhereTheyCameAndReadBack() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("e.mcap")
    var episode = Samples.episode(ticks: 60)
    let writer = try EpisodeWriter(path: path, header: episode.header, isSynchronized: false)
    let model = try ModelFile.encode(Samples.model(), path: "model")
    try writer.attach(model: model, generation: 0, logTime: episode.header.startTime)
    for tick in 0..<60 {
      if tick == 30 {
        try writer.attach(model: [0xFF, 1], generation: 1, logTime: episode.ticks[30].logTime)
      }
      try writer.append(observation: episode.observations[tick])
      try writer.append(tick: episode.ticks[tick])
      try writer.append(action: episode.actions[tick])
      try writer.append(state: episode.states[tick])
      try writer.append(decision: episode.decisions[tick])
    }
    try writer.close(outcome: Samples.outcome)
    episode.models = [0: model, 1: [0xFF, 1]]
    let read = try EpisodeReader.read(path)
    #expect(read == episode)
    #expect(try ModelFile.decode(model, path: "m").hash == ModelFile.hash(of: model))
    // Whole to the referee as well: index, checksums and counts.
    let referee = try PythonReferee("referee_episode.py", path)
    let text = String(decoding: try referee.result(), as: UTF8.self)
    #expect(text.contains("\"models/0001.safetensors\": \"2 bytes\""))
  }
}
