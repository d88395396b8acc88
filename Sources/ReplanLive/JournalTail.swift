import Foundation

/// Follows a journal: the lines that are whole so far, and those that come.
final class JournalTail {
  private let path: String
  private var handle: FileHandle?
  private var node: UInt64 = 0
  private var offset: UInt64 = 0
  private var rest = Data()
  /// The newest lines, each one JSON object.
  private(set) var lines: [String] = []
  /// Lines before those.
  private(set) var dropped = 0
  /// Rises when another journal has taken the place of this one.
  private(set) var generation = 0

  static let capacity = 4000

  init(path: String) { self.path = path }

  /// Takes in what was written since.
  func follow() {
    var status = stat()
    guard stat(path, &status) == 0 else { return }
    if UInt64(status.st_ino) != node || UInt64(status.st_size) < offset { reopen(status) }
    guard let handle, UInt64(status.st_size) > offset,
      let data = try? handle.readToEnd(), !data.isEmpty
    else { return }
    offset += UInt64(data.count)
    rest.append(data)
    guard let end = rest.lastIndex(of: 0x0A) else { return }
    for line in rest[..<end].split(separator: 0x0A) {
      // A torn line must not make the page's input invalid.
      guard (try? JSONSerialization.jsonObject(with: line)) != nil else { continue }
      lines.append(String(decoding: line, as: UTF8.self))
    }
    rest = Data(rest[rest.index(after: end)...])
    let excess = lines.count - Self.capacity
    guard excess > 0 else { return }
    lines.removeFirst(excess)
    dropped += excess
  }

  /// The lines from a number on, and the number of the next one.
  func lines(from number: Int) -> (lines: ArraySlice<String>, next: Int) {
    (lines.dropFirst(max(0, number - dropped)), dropped + lines.count)
  }

  private func reopen(_ status: stat) {
    if node != 0 { generation += 1 }
    handle = FileHandle(forReadingAtPath: path)
    node = UInt64(status.st_ino)
    offset = 0
    rest = Data()
    lines = []
    dropped = 0
  }
}
