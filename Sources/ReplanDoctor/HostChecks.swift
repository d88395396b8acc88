/// Everything on the host that endangers the timing of the loop and can be read from its files.
///
/// ```swift
/// for check in HostChecks(priority: 80, cpu: 3, period: 0.02).all() { print(check.found) }
/// ```
/// Each check is one method on what the files say; none changes anything.
public struct HostChecks: Sendable {
  let files: HostFiles
  /// SCHED_FIFO priority of the control thread.
  let priority: Int
  /// Processor that the control thread is bound to; nil if to none.
  let cpu: Int?
  /// Seconds of a tick.
  let period: Double
  /// Serial port of the plant; nil for all of them.
  let device: String?

  public init(
    files: HostFiles = HostFiles(), priority: Int, cpu: Int? = nil, period: Double,
    device: String? = nil
  ) {
    self.files = files
    self.priority = priority
    self.cpu = cpu
    self.period = period
    self.device = device
  }

  /// All checks, those with the greatest effect first.
  public func all() -> [Check] {
    [
      preemption(), realtimeLimit(), memoryLimit(), throttling(), sleepStates(), governor(),
      thermal(), otherTasks(), isolation(), interrupts(), serialLatency(), swap(), virtualMachine(),
      clockSource(),
    ]
  }

  /// The check, or that the file which it needs cannot be read.
  func reading(_ subject: Subject, _ body: () throws(HostFileError) -> Check) -> Check {
    do throws(HostFileError) { return try body() } catch { return subject.unknown(error) }
  }
}

/// A list of processors as the kernel writes it, such as "0-2,5".
///
/// - Returns: nil if it is none.
func processors(_ list: String) -> Set<Int>? {
  var set: Set<Int> = []
  for part in list.split(separator: ",") {
    let ends = part.split(separator: "-").map { Int(trimmed($0)) }
    guard let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last,
      ends.count <= 2, last < 65_536
    else { return nil }
    set.formUnion(first...last)
  }
  return set
}

/// The processors in words, "2 and 3".
func words(_ items: [String], limit: Int = 6) -> String {
  let shown = items.prefix(limit)
  let rest = items.count - shown.count
  return shown.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
}
