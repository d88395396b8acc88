import Foundation
import Testing

@testable import ReplanRecord

@Suite struct ModelOverviewTests {
  @Test func tellsWhatTheHeaderTells() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("0001.safetensors")
    let hash = try ModelFile.write(
      Samples.model(), metadata: [ModelOverview.episodesKey: "1-3"], to: path)
    let overview = try ModelOverview.read(path)
    #expect(overview.kind == "ensemble" && overview.hash == hash)
    #expect(overview.shape == "3 x 5-8-6-2 silu")
    #expect(overview.channels == ["x", "theta", "v", "omega", "force"])
    #expect(overview.training?.transitions == 321 && overview.training?.dataHash == "00ff")
    #expect(overview.episodes == "1-3")
    #expect(abs(overview.written - Date().timeIntervalSince1970) < 3600)
  }

  @Test func episodesAreToldInRuns() {
    #expect(ModelOverview.text(ofEpisodes: [3, 1, 2, 2, 7, 9, 10]) == "1-3, 7, 9-10")
    #expect(ModelOverview.text(ofEpisodes: []) == "")
  }

  @Test func otherFilesAreRefused() throws {
    let folder = try TemporaryFolder()
    for content in [[], [1, 2, 3], [UInt8](repeating: 0xFF, count: 40)] {
      try folder.write(content, "m")
      #expect(throws: RecordError.self) { try ModelOverview.read(folder.file("m")) }
    }
  }
}
