import Glibc

/// Why a part of this module could not do its work at all.
///
/// A privilege that is missing is no error: see `RealtimeReport`.
public enum RealtimeError: Error, Equatable, CustomStringConvertible {
  /// The memory for a thread's stack could not be mapped.
  case stack(bytes: Int, code: Int32)
  /// The thread could not be started.
  case thread(name: String, code: Int32)
  /// A handler of the stop signals was refused.
  case stopSignal(code: Int32)

  public var description: String {
    switch self {
    case .stack(let bytes, let code):
      "cannot map \(bytes) bytes of stack: \(text(code)); "
        + "raise `ulimit -v` and `ulimit -l`, or ask for a smaller stack"
    case .thread(let name, let code):
      "cannot start thread '\(name)': \(text(code)); "
        + "raise `ulimit -u`, or end other processes of this user"
    case .stopSignal(let code):
      "cannot handle stop signals: \(text(code)); "
        + "the system refuses sigaction, look at its sandbox rules"
    }
  }
}

/// The system's words for an error number.
func text(_ code: Int32) -> String { String(cString: strerror(code)) }
