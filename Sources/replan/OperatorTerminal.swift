import Foundation
import ReplanLoop
import ReplanRealtime

/// The operator at the terminal: reads what is to be done to the plant, and says when it is.
struct OperatorTerminal: Sendable {
  let console: Console
  /// Every request is taken for done at once.
  let saysYes: Bool

  static var isThere: Bool { isatty(STDIN_FILENO) == 1 }

  /// Asks, and waits for a line: Enter or `y` says that it is done, `n` that it will not be.
  func ask(
    _ request: String, seconds: Double, isStopRequested: @Sendable () -> Bool
  ) -> OperatorAnswer {
    console.line("OPERATOR: \(request)." + (saysYes ? " (--yes: taken for done)" : ""))
    if saysYes { return .done }
    console.line(
      "          Press Enter when it is done, n if it cannot be; there are \(Int(seconds)) s.")
    // What was typed before the question is no answer to it.
    tcflush(STDIN_FILENO, TCIFLUSH)
    let deadline = MonotonicClock.nanoseconds + Int64(seconds * 1e9)
    while MonotonicClock.nanoseconds < deadline, !isStopRequested() {
      var entry = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      guard poll(&entry, 1, 100) > 0 else { continue }
      guard let line = readLine() else { return .gone }
      let word = line.trimmingCharacters(in: .whitespaces).lowercased()
      if ["", "y", "yes"].contains(word) { return .done }
      if ["n", "no"].contains(word) { return .refused }
      console.line("          Enter or y for done, n for not to be done.")
    }
    return .unanswered
  }
}
