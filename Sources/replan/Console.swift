import Foundation
import ReplanLearn
import ReplanRealtime
import ReplanRecord
import ReplanRobot
import Synchronization

/// What the user sees: events on standard output as JSON, or lines for people on standard error.
///
/// On a terminal the last line is redrawn while work goes on.
final class Console: Sendable {
  let isJSON: Bool
  private let isTerminal = isatty(STDERR_FILENO) == 1
  /// Columns of the line that is being redrawn.
  private let pending = Mutex(false)

  init(isJSON: Bool) {
    self.isJSON = isJSON
    // A reader that has gone away must not end a run with a robot on the other side.
    signal(SIGPIPE, SIG_IGN)
    // Nor must a limit on the size of files: the write that it refuses tells.
    signal(SIGXFSZ, SIG_IGN)
  }

  /// A line for people.
  func line(_ text: String) {
    pending.withLock { isPending in
      write((isPending ? "\r\u{1B}[K" : "") + text + "\n", to: .standardError)
      isPending = false
    }
  }

  /// A line that the next one replaces; nothing where standard error is no terminal.
  func redraw(_ text: String) {
    guard isTerminal else { return }
    pending.withLock { isPending in
      write("\r\u{1B}[K" + text, to: .standardError)
      isPending = true
    }
  }

  /// A line of a result on standard output, for people.
  func result(_ text: String) {
    clear()
    write(text + "\n", to: .standardOutput)
  }

  /// Removes the line that is being redrawn.
  func clear() {
    pending.withLock { isPending in
      if isPending { write("\r\u{1B}[K", to: .standardError) }
      isPending = false
    }
  }

  /// One JSON object on standard output, if the user asked for them.
  func object(_ value: some Encodable) {
    guard isJSON else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    guard let data = try? encoder.encode(value) else { return }
    write(String(decoding: data, as: UTF8.self) + "\n", to: .standardOutput)
  }

  /// A failure, for people and as an object.
  func fail(_ failure: Failure) {
    struct ErrorEvent: Encodable {
      let event = "error"
      var code: Int32
      var message: String
      var faults: [Fault]?
    }
    line("replan: " + failure.description)
    object(
      ErrorEvent(
        code: failure.code.rawValue, message: failure.description,
        faults: failure.faults.isEmpty ? nil : failure.faults))
  }

  /// What opening a workspace found.
  func note(_ opening: Workspace.Opening, path: String) {
    if let aside = opening.movedAside { line("moved the earlier workspace to \(aside)") }
    if opening.repairedJournalBytes > 0 {
      line("\(path): cut a torn line of \(opening.repairedJournalBytes) bytes off the journal")
    }
    for episode in opening.unfinishedEpisodes { line("unfinished episode: \(episode)") }
  }

  private func write(_ text: String, to handle: FileHandle) {
    try? handle.write(contentsOf: Data(text.utf8))
  }
}
