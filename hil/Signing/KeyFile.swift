import Glibc

extension SigningKey {
  /// Reads a key file, which must be its owner's alone: this user's, with mode 0600 or less.
  ///
  /// Owner and mode are those of the open file, so that it cannot be exchanged in between.
  public init(path: String) throws(SigningError) {
    // Nonblocking: a pipe of that name must be refused, not waited for.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw errno == ENOENT
        ? .noFile(path: path) : .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable(path: path, reason: "not a file")
    }
    guard status.st_uid == geteuid() else {
      throw .otherOwner(path: path, owner: status.st_uid)
    }
    let mode = status.st_mode & 0o7777
    guard mode & ~0o600 == 0 else { throw .openToOthers(path: path, mode: mode) }
    try self.init(content: SigningKey.content(descriptor, path: path), path: path)
  }

  /// At most a little more than a key may have, so that what is too long shows.
  private static func content(
    _ descriptor: Int32, path: String
  ) throws(SigningError) -> [UInt8] {
    var content: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 128)
    while content.count <= 1024 {
      let count = read(descriptor, &piece, piece.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        throw .unreadable(path: path, reason: String(cString: strerror(errno)))
      }
      if count == 0 { break }
      content += piece[..<count]
    }
    return content
  }
}
