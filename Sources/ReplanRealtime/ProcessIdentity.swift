import Glibc

/// Which process a number meant: numbers are given anew once a process has ended.
public struct ProcessIdentity: Sendable, Equatable {
  public let number: Int32
  /// When it started, in clock ticks since boot.
  public let start: UInt64

  public init(number: Int32, start: UInt64) {
    self.number = number
    self.start = start
  }

  /// True while that process runs; one that has ended and that nobody has waited for does not.
  public var isAlive: Bool { Self.start(of: number) == start && start != 0 }

  /// When the process of that number started; nil if there is none.
  public static func start(of number: Int32) -> UInt64? {
    guard number > 0, let line = KernelFile.lines("/proc/\(number)/stat")?.first else { return nil }
    return start(in: line)
  }

  /// The twenty-second field of /proc/PID/stat; the second may hold blanks and brackets.
  static func start(in line: String) -> UInt64? {
    guard let bracket = line.lastIndex(of: ")") else { return nil }
    let fields = line[line.index(after: bracket)...].split(whereSeparator: \.isWhitespace)
    guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
    return UInt64(fields[19])
  }
}
