import Foundation
import ReplanRecord

extension JobResult {
  /// What the journal of a job's workspace says that it came to.
  ///
  /// - Parameters:
  ///   - code: the command's exit code.
  ///   - wallTime: of this run, s.
  ///   - build: of the program.
  /// - Returns: nil if it was interrupted and is to be continued.
  public static func judge(
    _ order: JobOrder, in folder: JobFolder, code: Int32, isStopRequested: Bool, wallTime: Double,
    build: String
  ) -> JobResult? {
    let lines = (try? WorkspaceContents(path: folder.workspace).journal) ?? []
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    let events = lines.compactMap { try? decoder.decode(JournalLine.self, from: Data($0.utf8)) }
    let isDone = code == 0 || code == 1
    let last = events.last { $0.event == (order.command == .learn ? "end" : "fit") }
    // A job that somebody stopped has not failed at its task.
    if code == 1, isStopRequested || last?.event != "end" { return nil }
    var result = JobResult(
      robot: order.robot, setting: order.setting, seed: order.seed, command: order.command,
      state: isDone ? .done : .failed, isSuccess: code == 0, wallTime: wallTime,
      starts: max(1, events.count { $0.event == "start" }), reason: "", identity: order.identity,
      build: build)
    switch order.command {
    case .learn:
      result.experience = last?.experience
      result.episodes = events.count { $0.event == "episode" }
    case .refit: result.errors = last?.rmse
    }
    result.reason =
      isDone
      ? last?.reason ?? "fitted" : lastWords(folder.log) ?? "ended with exit code \(code)"
    return result
  }

  /// What a program said last of why it gave up.
  private static func lastWords(_ path: String) -> String? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    return lines.last { $0.hasPrefix("replan: ") }.map { String($0.dropFirst(8)) }
  }
}

/// The parts of the journal's events that a sweep looks at.
private struct JournalLine: Decodable {
  var event: String
  var experience: Double?
  var reason: String?
  var rmse: [Float]?

  enum CodingKeys: String, CodingKey {
    case event, reason, rmse
    case experience = "experience_s"
  }
}
