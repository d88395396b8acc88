import Glibc
import Synchronization

/// SIGINT, SIGTERM and SIGHUP end the loop in order, so that the link is removed.
///
/// The signals are blocked except while the loop waits: none can slip in between its test and its
/// sleep.
enum Termination {
  private static let request = Atomic<Bool>(false)
  static let maskWhileWaiting = outerMask()

  static var isRequested: Bool { request.load(ordering: .relaxed) }

  static func install() {
    // Both are initialised here, before a handler could run into their first use.
    _ = isRequested
    _ = maskWhileWaiting
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in
      Termination.request.store(true, ordering: .relaxed)
    }
    var blocked = sigset_t()
    sigemptyset(&blocked)
    for signal in [SIGINT, SIGTERM, SIGHUP] {
      sigaction(signal, &action, nil)
      sigaddset(&blocked, signal)
    }
    sigprocmask(SIG_BLOCK, &blocked, nil)
  }

  private static func outerMask() -> sigset_t {
    var mask = sigset_t()
    sigprocmask(SIG_BLOCK, nil, &mask)
    for signal in [SIGINT, SIGTERM, SIGHUP] { sigdelset(&mask, signal) }
    return mask
  }
}
