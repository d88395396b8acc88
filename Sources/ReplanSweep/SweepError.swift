/// Why a sweep cannot be run.
public enum SweepError: Error, Sendable, CustomStringConvertible {
  /// The folder holds a job that does something else under the same name.
  case otherJob(String)
  /// The folder holds no job.
  case notAJob(String)
  /// Another process runs the sweep in this folder.
  case inUse(String)
  case file(path: String, reason: String)
  /// A program that the engine needs is not there.
  case missing(program: String, remedy: String)
  /// The queue refuses the jobs.
  case refused(program: String, words: String)

  public var description: String {
    switch self {
    case .otherJob(let path):
      "\(path) holds a job of another robot file, budget or plant; use --fresh, or another --folder"
    case .notAJob(let path): "\(path) holds no job of a sweep"
    case .inUse(let path): "\(path): another process runs this sweep; wait for it, or stop it"
    case .file(let path, let reason): "\(path): \(reason)"
    case .missing(let program, let remedy): "\(program) is not there: \(remedy)"
    case .refused(let program, let words): "\(program): \(words)"
    }
  }
}
