import Glibc
import Synchronization

/// The workspace's events, one JSON object a line, in the order they happened.
///
/// Each line is one write, so that lines of a crashed program are whole but for the last one; that
/// one is cut off when the journal is opened again.
public final class Journal: Sendable {
  public let path: String
  /// Bytes of a torn last line that opening removed.
  public let repairedBytes: Int
  private let file: Mutex<OutputFile>

  init(path: String) throws(RecordError) {
    let content = Files.exists(path) ? try Files.read(path) : []
    let whole = content.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let tail = Array(content[whole...])
    let file = try OutputFile(appendingTo: path)
    // A line without its end may still be an event; anything else is no loss.
    if tail.isEmpty {
      repairedBytes = 0
    } else if (try? JSONLine.decode([String: Anything].self, tail)) != nil {
      try file.write([0x0A])
      repairedBytes = 0
    } else {
      try file.truncate(to: whole)
      repairedBytes = tail.count
    }
    self.path = path
    self.file = Mutex(file)
  }

  /// Appends one event: a value that encodes as a JSON object, keys sorted.
  ///
  /// - Parameter isSynchronized: returns when the journal has reached the disk; for the end of an
  ///   episode.
  public func append(
    _ event: some Encodable, isSynchronized: Bool = false
  ) throws(RecordError) {
    let line: [UInt8]
    do {
      line = try JSONLine.bytes(event)
    } catch {
      throw .refused(path: path, reason: "the event is not representable as JSON: \(error)")
    }
    guard line.first == UInt8(ascii: "{") else {
      throw .refused(path: path, reason: "the event is not a JSON object")
    }
    try file.withLock { file throws(RecordError) in
      try file.write(line + [0x0A])
      if isSynchronized { try file.synchronize() }
    }
  }

  /// Waits for the disk.
  public func synchronize() throws(RecordError) {
    try file.withLock { file throws(RecordError) in try file.synchronize() }
  }

  /// The lines that are written so far.
  public func lines() throws(RecordError) -> [String] {
    try Files.read(path).split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
  }
}

/// Decodes from any JSON value.
private struct Anything: Decodable {
  init(from decoder: any Decoder) {}
}
