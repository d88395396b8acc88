import Glibc

/// The files in which the system tells about itself, below a root that a test may plant.
///
/// All access of the host checks goes through it, and a file that is not there is an error rather
/// than an empty text: what is not known must not pass for good.
public struct HostFiles: Sendable {
  /// Prefix of every path: empty for the machine itself.
  private let root: String

  public init(root: String = "") { self.root = root }

  /// The text of a file, without white space at its ends.
  ///
  /// - Throws: `HostFileError`, with the path and the system's words.
  func text(_ path: String) throws(HostFileError) -> String {
    let descriptor = open(root + path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw HostFileError(path: path, code: errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    while true {
      // The kernel's own files have no size; they are read until they end.
      let count = read(descriptor, &piece, piece.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw HostFileError(path: path, code: errno) }
      if count == 0 { break }
      bytes += piece[..<count]
    }
    return trimmed(String(decoding: bytes, as: UTF8.self))
  }

  /// A whole number in a file.
  func number(_ path: String) throws(HostFileError) -> Int {
    let text = try text(path)
    guard let number = Int(text) else { throw HostFileError(path: path, content: text) }
    return number
  }

  /// The names in a folder, sorted.
  func names(_ path: String) throws(HostFileError) -> [String] {
    guard let folder = opendir(root + path) else { throw HostFileError(path: path, code: errno) }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        // SAFETY: the system ends the name with a zero inside of the field.
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The names in a folder that begin with a word and go on with a number, by that number.
  func numbered(_ word: String, in path: String) throws(HostFileError) -> [Int] {
    try names(path).compactMap { $0.hasPrefix(word) ? Int($0.dropFirst(word.count)) : nil }.sorted()
  }

  func exists(_ path: String) -> Bool { access(root + path, F_OK) == 0 }

  /// Whether this process may write a file; a folder of that name is none.
  func isWritable(_ path: String) -> Bool {
    let descriptor = open(root + path, O_WRONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    close(descriptor)
    return true
  }

  /// The path that a path leads to through symbolic links; nil if there is nothing.
  func resolved(_ path: String) -> String? {
    guard let target = realpath(root + path, nil) else { return nil }
    defer { free(target) }
    let text = String(cString: target)
    return text.hasPrefix(root) ? String(text.dropFirst(root.count)) : text
  }
}

/// A file of the system that did not say what it was asked for.
struct HostFileError: Error, CustomStringConvertible {
  let description: String

  init(path: String, code: Int32) {
    description = "cannot read \(path): \(String(cString: strerror(code)))"
  }

  init(path: String, content: String) {
    description = "\(path) says \"\(content.prefix(40))\", which is not understood"
  }
}

/// A text without white space at its ends.
func trimmed(_ text: some StringProtocol) -> String {
  let start = text.drop { $0.isWhitespace || $0 == "\0" }
  guard let last = start.lastIndex(where: { !$0.isWhitespace && $0 != "\0" }) else { return "" }
  return String(start[...last])
}
