import ReplanRealtime

/// Gives the processor away now and then.
///
/// The kernel stops a real-time thread that has run for 95 % of a second for the rest of it: that
/// would be measured as a stall, and the machine would not answer meanwhile.
struct Breather {
  private static let work: Int64 = 40_000_000
  private static let rest: Int64 = 5_000_000

  private var start = MonotonicClock.nanoseconds

  /// Rests if the work since the last rest was long enough.
  mutating func breathe() {
    let now = MonotonicClock.nanoseconds
    guard now - start >= Self.work else { return }
    MonotonicClock.sleepUntil(nanoseconds: now + Self.rest)
    start = MonotonicClock.nanoseconds
  }

  /// Takes note of a rest that somebody else took.
  mutating func rested() { start = MonotonicClock.nanoseconds }
}
