import Foundation

/// The folder of one job: `job.json`, `robot.yaml`, `log.txt`, `workspace/` and, at its end,
/// `result.json`.
public struct JobFolder: Sendable {
  public let path: String

  public init(path: String) { self.path = path }

  public var workspace: String { path + "/workspace" }
  public var robotFile: String { path + "/robot.yaml" }
  public var log: String { path + "/log.txt" }
  private var orderFile: String { path + "/job.json" }
  private var resultFile: String { path + "/result.json" }

  /// Lays the folder out, unless it is there already.
  ///
  /// - Throws: `otherJob` if it is that of a job that does something else, `file`.
  func prepare(_ job: SweepJob) throws(SweepError) {
    if let found = try? order() {
      guard found.identity == job.identity else { throw .otherJob(path) }
      return
    }
    try SweepFiles.makeFolder(path)
    try SweepFiles.write(Data(job.robotText.utf8), to: robotFile)
    try SweepFiles.write(SweepFiles.json(JobOrder(job)), to: orderFile)
  }

  /// - Throws: `notAJob` if there is none, or it cannot be read.
  public func order() throws(SweepError) -> JobOrder {
    guard let data = FileManager.default.contents(atPath: orderFile),
      let order = try? JSONDecoder().decode(JobOrder.self, from: data)
    else { throw .notAJob(path) }
    return order
  }

  /// The result, if it is there and of this very job.
  public func result(of identity: String) -> JobResult? {
    guard let data = FileManager.default.contents(atPath: resultFile),
      let result = try? JSONDecoder().decode(JobResult.self, from: data),
      result.identity == identity
    else { return nil }
    return result
  }

  /// Makes room for the result of a new run.
  ///
  /// - Precondition: there is none that stays.
  public func forgetResult() { unlink(resultFile) }

  /// True once its command has run, however that ended.
  var hasBegun: Bool { FileManager.default.fileExists(atPath: log) }

  /// Writes the result such that a crash leaves all of it or nothing.
  public func store(_ result: JobResult) throws(SweepError) {
    try SweepFiles.write(SweepFiles.json(result), to: resultFile)
  }

  /// What the command takes, the program's name left out.
  public func arguments(_ order: JobOrder) -> [String] {
    [order.command.rawValue, robotFile, "--workspace", workspace] + order.options + order.episodes
  }
}
