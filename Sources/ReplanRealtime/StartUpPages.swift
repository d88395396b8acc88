import Glibc

/// Gives back the memory that only starting the program has needed.
///
/// Loading and linking touch most pages of the libraries, and reading ahead brings in their
/// neighbours; the loop runs a small part of that. What is given back are pages of files that nobody
/// has changed: touching one again maps it anew from the file.
enum StartUpPages {
  /// - Returns: resident bytes that were given back.
  @discardableResult
  static func giveBack() -> Int {
    var bytes = 0
    for mapping in mappings() where mapping.isUnchangedFile && mapping.residentBytes > 0 {
      // SAFETY: a whole mapping of a file, not writable and without a page of its own, so that
      // nothing but the file's content is in it. Nobody unmaps libraries or maps others in their place
      // meanwhile: this runs before arming, when no other thread loads or unloads anything.
      let start = UnsafeMutableRawPointer(bitPattern: mapping.start)
      if madvise(start, Int(mapping.end - mapping.start), MADV_DONTNEED) == 0 {
        bytes += mapping.residentBytes
      }
    }
    return bytes
  }

  struct Mapping {
    var start: UInt
    var end: UInt
    var isFile: Bool
    var isWritable: Bool
    var residentBytes = 0
    /// Pages that were changed and exist in memory only, such as those of relocated tables.
    var ownBytes = 0

    var isUnchangedFile: Bool { isFile && !isWritable && ownBytes == 0 }
  }

  /// The mappings of this process, from /proc/self/smaps; none if it cannot be read.
  static func mappings() -> [Mapping] {
    var result: [Mapping] = []
    for text in KernelFile.lines("/proc/self/smaps") ?? [] {
      if let mapping = Mapping(text) {
        result.append(mapping)
      } else if let last = result.indices.last {
        result[last].take(text)
      }
    }
    return result
  }
}

extension StartUpPages.Mapping {
  /// The first line of a mapping, as in `7f00-7f10 r-xp 00000000 08:01 42    /usr/lib/libc.so.6`.
  init?(_ line: String) {
    let words = line.split(separator: " ", omittingEmptySubsequences: true)
    guard words.count >= 5, let dash = words[0].firstIndex(of: "-"),
      let start = UInt(words[0][..<dash], radix: 16),
      let end = UInt(words[0][words[0].index(after: dash)...], radix: 16)
    else { return nil }
    self.init(
      start: start, end: end, isFile: words.count >= 6 && words[5].hasPrefix("/"),
      isWritable: words[1].contains("w"))
  }

  /// A further line, as in `Rss:    128 kB`.
  fileprivate mutating func take(_ line: String) {
    let words = line.split(separator: " ", omittingEmptySubsequences: true)
    guard words.count >= 2, let kibibytes = Int(words[1]) else { return }
    switch words[0] {
    case "Rss:": residentBytes = kibibytes * 1024
    case "Anonymous:": ownBytes = kibibytes * 1024
    default: break
    }
  }
}
