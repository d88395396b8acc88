import CFileSpace
import Glibc

/// A file being written, closed with the value.
struct OutputFile: ~Copyable, Sendable {
  let path: String
  private let descriptor: Int32

  /// Takes over a descriptor that is open for writing.
  init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  /// Creates a file; an existing one is an error.
  init(creating path: String) throws(RecordError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .system("create", path) }
    self.init(path: path, descriptor: descriptor)
  }

  /// Opens a file for appending, and creates it if need be.
  init(appendingTo path: String) throws(RecordError) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .system("open", path) }
    self.init(path: path, descriptor: descriptor)
  }

  deinit { close(descriptor) }

  /// Hands all bytes to one write call, and the rest to further ones if it took only a part.
  func write(_ bytes: [UInt8]) throws(RecordError) {
    var done = 0
    while done < bytes.count {
      // SAFETY: the pointer stays inside the array, `done` being less than its count.
      let taken = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress! + done, bytes.count - done)
      }
      if taken < 0 {
        if errno == EINTR { continue }
        throw .system("write", path)
      }
      done += taken
    }
  }

  /// Cuts the file to `size` bytes; the next write follows them.
  func truncate(to size: Int) throws(RecordError) {
    guard ftruncate(descriptor, off_t(size)) == 0, lseek(descriptor, off_t(size), SEEK_SET) >= 0
    else { throw .system("truncate", path) }
  }

  /// Sees to it that `count` bytes from `offset` on will find space, without changing the size.
  ///
  /// - Throws: if the disk, a quota or a limit has no room. Where the file system cannot reserve,
  ///   nothing happens: the write will tell.
  func reserve(at offset: Int, count: Int) throws(RecordError) {
    while fallocate(descriptor, Int32(REPLAN_FALLOC_KEEP_SIZE), off_t(offset), off_t(count)) != 0 {
      switch errno {
      case EINTR: continue
      case ENOSPC, EDQUOT, EFBIG: throw .system("write", path)
      default: return
      }
    }
  }

  /// Returns when the content has reached the disk.
  func synchronize() throws(RecordError) {
    // Pipes and devices such as /dev/full have no disk below them.
    guard fdatasync(descriptor) == 0 || errno == EINVAL || errno == EROFS else {
      throw .system("flush to disk", path)
    }
  }
}
