import Glibc
import ReplanRealtime

/// Keeps other processes out of a workspace for as long as the value lives.
///
/// The lock is the kernel's: it goes with the process, however that ends. The file beside it only
/// tells who holds it.
struct WorkspaceLock: ~Copyable, Sendable {
  static let name = ".lock"

  private let descriptor: Int32

  init(folder: String) throws(RecordError) {
    let path = folder + "/" + Self.name
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .system("open", path) }
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      let code = errno
      let holder = Self.holder(path)
      close(descriptor)
      guard code == EWOULDBLOCK else {
        throw .file(path: path, operation: "lock", code: code)
      }
      throw .locked(path: folder, process: holder)
    }
    let text = Array("\(getpid())\n".utf8)
    // Who holds the lock is a courtesy: on a full disk the lock itself still holds.
    _ = ftruncate(descriptor, 0)
    _ = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }

  deinit { close(descriptor) }

  /// The process that holds the lock, nil if none does; asked of the kernel's list, since trying to take it
  /// would keep others out for a moment. 0 for one of another namespace.
  static func process(folder: String) -> Int32? {
    var status = stat()
    guard stat(folder + "/" + name, &status) == 0,
      let locks = KernelFile.lines("/proc/locks")
    else { return nil }
    let line = locks.first { $0.contains(" FLOCK ") && $0.contains(":\(status.st_ino) ") }
    // As in `3: FLOCK  ADVISORY  WRITE 4711 fe:00:16384029 0 EOF`.
    return line.map { line in
      let words = line.split(separator: " ", omittingEmptySubsequences: true)
      return words.count > 4 ? Int32(words[4]) ?? 0 : 0
    }
  }

  private static func holder(_ path: String) -> Int {
    guard let bytes = try? Files.read(path) else { return 0 }
    return Int(String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)) ?? 0
  }
}
