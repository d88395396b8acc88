/// What real-time operation asked for and could not have.
///
/// A missing privilege is no error by itself: the loop runs without it, less punctually. The
/// caller shows the report and decides, as `--require-realtime` does.
public struct RealtimeReport: Sendable, Equatable, CustomStringConvertible {
  /// One thing that could not be had.
  public struct Shortfall: Sendable, Equatable, CustomStringConvertible {
    /// What was asked for, such as "SCHED_FIFO priority 80".
    public var what: String
    /// Why it was refused.
    public var why: String
    /// A command that grants it.
    public var remedy: String

    public init(what: String, why: String, remedy: String) {
      self.what = what
      self.why = why
      self.remedy = remedy
    }

    public var description: String { "\(what): \(why); try: \(remedy)" }
  }

  /// Everything that is missing, in the order in which it was asked for.
  public var shortfalls: [Shortfall]

  public init(_ shortfalls: [Shortfall] = []) { self.shortfalls = shortfalls }

  /// Whether everything was granted.
  public var isComplete: Bool { shortfalls.isEmpty }

  /// Both reports as one.
  public static func + (first: RealtimeReport, second: RealtimeReport) -> RealtimeReport {
    RealtimeReport(first.shortfalls + second.shortfalls)
  }

  /// One line for each shortfall; empty when there is none.
  public var description: String {
    shortfalls.map(\.description).joined(separator: "\n")
  }
}
