import Glibc

/// A file being read in pieces, closed with the value.
struct InputFile: ~Copyable {
  let path: String
  let size: Int
  private let descriptor: Int32

  init(_ path: String) throws(RecordError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system("open", path) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw .file(path: path, operation: "inspect", code: code)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .file(path: path, operation: "read", code: EISDIR)
    }
    self.path = path
    self.descriptor = descriptor
    size = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Up to `count` bytes from `offset`; fewer where the file ends before.
  func read(at offset: Int, count: Int) throws(RecordError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: min(count, max(0, size - offset)))
    var done = 0
    while done < bytes.count {
      let wanted = bytes.count - done
      // SAFETY: the pointer stays inside the array, `done` being less than its count.
      let got = bytes.withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress! + done, wanted, off_t(offset + done))
      }
      if got < 0 {
        if errno == EINTR { continue }
        throw .system("read", path)
      }
      if got == 0 { break }
      done += got
    }
    bytes.removeLast(bytes.count - done)
    return bytes
  }
}
