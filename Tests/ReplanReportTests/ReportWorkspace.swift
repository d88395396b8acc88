import Foundation
import ReplanCore
import ReplanRecord
import Testing

/// A workspace made for a test, deleted with the value.
final class ReportWorkspace {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  let path: String
  let robotText: String

  /// - Parameter rate: replaces that of the cart-pole's file.
  init(rate: Int = 50, name: String = "workspace") throws {
    path = FileManager.default.temporaryDirectory.appending(path: "report-\(UUID())/\(name)").path
    let shipped = try String(contentsOfFile: Self.root + "/robots/cart-pole.yaml", encoding: .utf8)
    robotText = shipped.replacingOccurrences(of: "rate: 50", with: "rate: \(rate)")
      .replacingOccurrences(of: "baud: 921600", with: "baud: 4000000")
    for folder in ["episodes", "models"] {
      try FileManager.default.createDirectory(
        atPath: path + "/" + folder, withIntermediateDirectories: true)
    }
    try write(robotText, "robot.yaml")
  }

  deinit {
    try? FileManager.default.removeItem(
      at: URL(filePath: path).deletingLastPathComponent())
  }

  func file(_ name: String) -> String { path + "/" + name }

  func write(_ text: String, _ name: String) throws {
    try Data(text.utf8).write(to: URL(filePath: file(name)))
  }

  /// The scenarios' model of the cart-pole, as the workspace's only one; returns its hash.
  @discardableResult
  func addModel() throws -> String {
    let target = file("models/0001.safetensors")
    try FileManager.default.copyItem(
      atPath: Self.root + "/hil/models/cart-pole.safetensors", toPath: target)
    return try ModelFile.read(target).hash
  }

  /// Writes an episode; without its end if `isClosed` is false.
  func add(_ episode: Episode, isClosed: Bool = true) throws {
    let index = String(episode.header.index)
    let name = String(repeating: "0", count: 4 - index.count) + index
    let writer = try EpisodeWriter(
      path: file("episodes/\(name).mcap"), header: episode.header, isSynchronized: false)
    var observations = episode.observations[...]
    for tick in episode.ticks.indices {
      let time = episode.ticks[tick].logTime
      while let next = observations.first, next.logTime <= time {
        try writer.append(observation: observations.removeFirst())
      }
      try writer.append(action: episode.actions[tick])
      try writer.append(tick: episode.ticks[tick])
      try writer.append(state: episode.states[tick])
    }
    if isClosed {
      try writer.close(outcome: episode.outcome!)
    } else {
      try writer.flush()
    }
  }

  func journal(_ lines: String...) throws {
    try write(lines.map { $0 + "\n" }.joined(), "journal.jsonl")
  }
}
