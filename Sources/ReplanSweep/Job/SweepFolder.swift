import Foundation

/// The folder of a sweep: its file, its jobs and their tables.
///
/// One process at a time hands out jobs; each job's workspace has a lock of its own.
public final class SweepFolder: Sendable {
  public let path: String
  /// Where `isFresh` moved the sweep that was there.
  public let movedAside: String?
  private let descriptor: Int32

  /// Opens the folder and lays out what is to be done.
  ///
  /// - Parameter isFresh: moves what is there to `PATH.1`, `PATH.2`, … first.
  /// - Throws: `inUse`, `otherJob` if a job of the same name does something else, `file`.
  public init(path: String, spec: SweepSpec, isFresh: Bool = false) throws(SweepError) {
    self.path = path
    var moved: String?
    if isFresh, FileManager.default.fileExists(atPath: path) {
      guard FileManager.default.fileExists(atPath: path + "/sweep.yaml") else {
        throw .file(path: path, reason: "it holds no sweep, and is not moved aside for one")
      }
      let lock = try Self.lock(path)
      defer { close(lock) }
      var number = 1
      while FileManager.default.fileExists(atPath: "\(path).\(number)") { number += 1 }
      guard rename(path, "\(path).\(number)") == 0 else {
        throw .file(path: path, reason: String(cString: strerror(errno)))
      }
      moved = "\(path).\(number)"
    }
    movedAside = moved
    try SweepFiles.makeFolder(path)
    descriptor = try Self.lock(path)
    // From here on a failure closes the lock by `deinit`.
    for job in spec.jobs { try folder(job).prepare(job) }
    try SweepFiles.write(Data(spec.source.utf8), to: path + "/sweep.yaml")
  }

  deinit { close(descriptor) }

  private static func lock(_ path: String) throws(SweepError) -> Int32 {
    let file = path + "/lock"
    let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .file(path: file, reason: String(cString: strerror(errno)))
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw .inUse(path)
    }
    return descriptor
  }

  public func folder(_ job: SweepJob) -> JobFolder { JobFolder(path: path + "/" + job.path) }

  public func result(_ job: SweepJob) -> JobResult? { folder(job).result(of: job.identity) }

  /// Jobs that have not run to their end, those that failed included.
  public func unfinished(_ jobs: [SweepJob]) -> [SweepJob] {
    jobs.filter { result($0)?.state != .done }
  }

  /// Writes a table beside the jobs.
  public func write(_ text: String, as name: String) throws(SweepError) {
    try SweepFiles.write(Data(text.utf8), to: path + "/" + name)
  }
}
