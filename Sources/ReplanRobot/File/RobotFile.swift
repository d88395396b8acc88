import Foundation

/// Reads the bytes of a robot file and refuses what cannot be one.
package enum RobotFile {
  /// Far above any robot file, far below what would keep the parser busy for long.
  static var largestSize: Int { 256 * 1024 }

  /// - Throws: `RobotError.unreadable` if there is no such file; `.invalid` if it is no text file.
  package static func read(_ path: String) throws(RobotError) -> String {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw unreadable(path, String(cString: strerror(errno)).lowercased(), "a readable file")
    }
    // Opening a pipe would wait for a writer, and a device may never end.
    guard status.st_mode & S_IFMT == S_IFREG else {
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      throw unreadable(path, isFolder ? "a folder" : "no regular file", "a robot file")
    }
    let bytes: Data
    do {
      let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? handle.close() }
      // One byte more than allowed tells a file that is too large, however far it has grown.
      bytes = try handle.read(upToCount: largestSize + 1) ?? Data()
    } catch {
      throw unreadable(path, "a file that cannot be opened", "a readable file")
    }
    return try text(of: bytes, file: path)
  }

  static func text(of bytes: Data, file: String) throws(RobotError) -> String {
    guard bytes.count <= largestSize else {
      throw invalid(file, 0, 0, "more than 256 KiB", "a robot file of at most 256 KiB")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let line = 1 + validPrefix(of: bytes).utf8.count { $0 == UInt8(ascii: "\n") }
      throw invalid(file, line, 1, "bytes that are not UTF-8", "UTF-8 text")
    }
    return text
  }

  /// The longest beginning that is UTF-8.
  private static func validPrefix(of bytes: Data) -> String {
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var prefix = String.UnicodeScalarView()
    while case .scalarValue(let scalar) = decoder.decode(&iterator) { prefix.append(scalar) }
    return String(prefix)
  }

  private static func unreadable(_ file: String, _ found: String, _ allowed: String) -> RobotError {
    .unreadable(Fault(file: file, line: 0, column: 0, key: "", found: found, allowed: allowed))
  }

  static func invalid(
    _ file: String, _ line: Int, _ column: Int, _ found: String, _ allowed: String
  ) -> RobotError {
    .invalid([
      Fault(file: file, line: line, column: column, key: "", found: found, allowed: allowed)
    ])
  }
}
