import Glibc

/// Whole files and folders.
enum Files {
  /// The content of a file, or its last bytes if it has more than `limit`.
  static func read(_ path: String, last limit: Int = .max) throws(RecordError) -> [UInt8] {
    let file = try InputFile(path)
    let count = min(limit, file.size)
    return try file.read(at: file.size - count, count: count)
  }

  /// Replaces or creates a file such that a crash leaves the old or the new content, never a part.
  static func writeAtomically(_ bytes: [UInt8], to path: String) throws(RecordError) {
    let temporary = path + ".tmp"
    unlink(temporary)
    do throws(RecordError) {
      let file = try OutputFile(creating: temporary)
      try file.write(bytes)
      try file.synchronize()
    } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, path) == 0 else { throw .system("rename \(temporary) to", path) }
    try synchronizeFolder(of: path)
  }

  /// Removes a file; one that is not there is none to remove.
  static func remove(_ path: String) { unlink(path) }

  /// Returns when the names in a folder have reached the disk.
  static func synchronizeFolder(of path: String) throws(RecordError) {
    let folder = parent(of: path)
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system("open", folder) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw .system("flush to disk", folder) }
  }

  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// When a file was written last, s since 1970.
  static func modified(_ path: String) throws(RecordError) -> Double {
    var status = stat()
    guard stat(path, &status) == 0 else { throw .system("inspect", path) }
    return Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9
  }

  static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// Creates a folder and those above it that are missing.
  static func makeFolder(_ path: String) throws(RecordError) {
    if mkdir(path, 0o755) == 0 { return }
    if errno == ENOENT, parent(of: path) != path {
      try makeFolder(parent(of: path))
      guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw .system("create", path) }
      return
    }
    guard errno == EEXIST else { throw .system("create", path) }
    var status = stat()
    guard stat(path, &status) == 0 else { throw .system("inspect", path) }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw .file(path: path, operation: "use as a folder", code: ENOTDIR)
    }
  }

  /// Names in a folder, sorted; without `.` and `..`.
  static func names(in folder: String) throws(RecordError) -> [String] {
    guard let stream = opendir(folder) else { throw .system("list", folder) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      // SAFETY: the system ends d_name with a zero byte; it is copied before the next readdir.
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}
