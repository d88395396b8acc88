import Foundation

extension RobotFile {
  /// Replaces or creates a file such that a crash leaves the old or the new content, never a part.
  ///
  /// A symbolic link stays one: the file that it points to is replaced. The file's permissions stay.
  ///
  /// - Throws: `RobotError.unreadable` with the system's words.
  static func replace(_ path: String, with text: String) throws(RobotError) {
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    let temporary = "\(target).\(getpid()).tmp"
    var status = stat()
    let mode = stat(target, &status) == 0 ? status.st_mode & 0o777 : 0o644
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw refused(path) }
    var isWritten = fchmod(descriptor, mode) == 0 && write(Array(text.utf8), to: descriptor)
    isWritten = fsync(descriptor) == 0 && isWritten
    isWritten = close(descriptor) == 0 && isWritten
    guard isWritten, rename(temporary, target) == 0 else {
      let error = refused(path)
      unlink(temporary)
      throw error
    }
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var done = 0
    while done < bytes.count {
      // SAFETY: the pointer stays inside the array, `done` being less than its count.
      let count = bytes.withUnsafeBytes {
        Foundation.write(descriptor, $0.baseAddress! + done, bytes.count - done)
      }
      if count < 0 && errno != EINTR { return false }
      done += max(count, 0)
    }
    return true
  }

  private static func refused(_ path: String) -> RobotError {
    .unreadable(
      Fault(
        file: path, line: 0, column: 0, key: "",
        found: String(cString: strerror(errno)).lowercased(), allowed: "a file that can be written"
      ))
  }
}
