import Glibc

/// Files that the kernel writes when they are read, such as those in /proc.
///
/// They have no size and come a page at a time. Whoever takes the first short read for their end, as
/// Foundation does, sees their first 4096 bytes.
public enum KernelFile {
  /// All lines of the file, without line breaks; nil if it cannot be read.
  public static func lines(_ path: String) -> [String]? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var lines: [String] = []
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    while case let count = getline(&line, &capacity, file), count > 0, let line {
      // SAFETY: getline gives a buffer of at least `count` bytes that is valid until its next call.
      let bytes = UnsafeRawBufferPointer(start: line, count: count)
      lines.append(
        String(decoding: bytes.last == 0x0A ? bytes.dropLast() : bytes[...], as: UTF8.self))
    }
    return ferror(file) == 0 ? lines : nil
  }
}
