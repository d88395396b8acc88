/// What the kernel says of one thread in its `stat` file.
struct TaskState {
  var name: String
  var identifier: Int
  var isKernelThread: Bool
  /// 1 SCHED_FIFO, 2 SCHED_RR, 6 SCHED_DEADLINE; all others are not real-time.
  var policy: Int
  /// 1 to 99 under the first two policies.
  var priority: Int

  /// - Returns: nil if the text is none.
  /// - Source: proc_pid_stat(5): fields 9 (flags), 40 (rt_priority) and 41 (policy).
  init?(_ text: String) {
    // The name may hold spaces and parentheses itself, so its end is the last one.
    guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")"), open < close,
      let identifier = Int(trimmed(text[..<open]))
    else { return nil }
    let fields = text[text.index(after: close)...].split { $0.isWhitespace }
    // The first of them is field 3.
    guard fields.count > 41 - 3, let flags = UInt(fields[9 - 3]),
      let priority = Int(fields[40 - 3]), let policy = Int(fields[41 - 3])
    else { return nil }
    self.identifier = identifier
    self.priority = priority
    self.policy = policy
    name = String(text[text.index(after: open)..<close])
    isKernelThread = flags & 0x0020_0000 != 0
  }

  /// Whether it runs before a SCHED_FIFO thread of that priority, or beside it.
  func precedes(_ priority: Int) -> Bool {
    switch policy {
    case 1, 2: self.priority >= priority
    case 6: true
    default: false
    }
  }

  var text: String {
    policy == 6 ? "\(name) (\(identifier), deadline)" : "\(name) (\(identifier), \(priority))"
  }
}
