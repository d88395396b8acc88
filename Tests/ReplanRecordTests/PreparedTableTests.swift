import Foundation
import Testing

@testable import ReplanRecord

@Suite struct PreparedTableTests {
  @Test func itReadsBackBitForBit() throws {
    let values: [Float] = [0, -0.0, .leastNonzeroMagnitude, -.greatestFiniteMagnitude, .pi, 1 / 3]
    let table = PreparedTable(channels: ["left", "right"], values: values)
    #expect(table.ticks == 3)
    #expect(table.text.hasPrefix("left,right\n0.0,-0.0\n"))
    let read = try #require(PreparedTable(text: table.text))
    #expect(read.channels == table.channels)
    #expect(read.values.map(\.bitPattern) == values.map(\.bitPattern))
  }

  @Test(arguments: ["", "\n", "a,b\n1\n", "a\none\n", "a\nnan\n", "a\n1,2\n"])
  func whatIsNoTableIsNone(text: String) {
    #expect(PreparedTable(text: text) == nil)
  }

  @Test func anEpisodeKeepsIt() throws {
    var header = Samples.header()
    header.prepared = PreparedTable(channels: ["force"], values: [0.1, 0.2, -3])
    header.control?.excitation = "multisine, 0.5 of the range"
    let episode = Samples.episode(ticks: 5, header: header)
    let path = NSTemporaryDirectory() + "prepared-\(UUID()).mcap"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try episode.save(to: path)
    let read = try EpisodeReader.read(path)
    #expect(read.header == header)
  }
}
