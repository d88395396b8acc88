import Glibc
import ReplanRecord

/// The file of a workspace in which whoever runs there says what happens just now.
///
/// It is mapped by the program that runs the session and read by `replan watch`; nothing depends on
/// it, and it may be deleted at any time.
public enum LiveFile {
  public static func path(_ workspace: String) -> String { workspace + "/" + Workspace.liveName }

  /// The memory of a new file of that size, zeroed, which takes the place of an earlier one.
  ///
  /// Who reads the earlier one goes on doing so; the disk has room for all of it.
  static func make(_ path: String, byteCount: Int) throws(RecordError) -> UnsafeMutableRawPointer {
    let temporary = path + ".tmp"
    unlink(temporary)
    let descriptor = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure("create", temporary) }
    defer { close(descriptor) }
    // Writing to a mapped page that the disk has no room for would end the program.
    let code = posix_fallocate(descriptor, 0, off_t(byteCount))
    guard code == 0 else {
      unlink(temporary)
      throw .file(path: temporary, operation: "reserve", code: code)
    }
    let memory = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
    guard let memory, memory != MAP_FAILED else {
      let error = failure("map", temporary)
      unlink(temporary)
      throw error
    }
    guard rename(temporary, path) == 0 else {
      let error = failure("rename \(temporary) to", path)
      munmap(memory, byteCount)
      unlink(temporary)
      throw error
    }
    return memory
  }

  static func failure(_ operation: String, _ path: String) -> RecordError {
    .file(path: path, operation: operation, code: errno)
  }
}
