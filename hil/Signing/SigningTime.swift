import Glibc
import Synchronization

/// The timestamps of one end of a line: they never repeat, and never fall behind the other end's.
///
/// They follow the wall clock, which may be set back between two runs, or be missing on the other
/// side. So they also go on from the last that was given out, and from the newest that a verified
/// frame of the other side had: an end whose clock is behind has caught up once it has heard one
/// frame, before it is believed itself.
///
/// - Units: 10 µs since 2015-01-01 00:00 UTC; 48 bits.
public final class SigningTime: Sendable {
  private let newest = Atomic<UInt64>(0)
  private let clock: @Sendable () -> UInt64

  public convenience init() { self.init(clock: SigningTime.wallClock) }

  /// - Parameter clock: in place of the wall clock.
  init(clock: @escaping @Sendable () -> UInt64) { self.clock = clock }

  @Sendable static func wallClock() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    // 2015-01-01 as seconds since 1970. A clock before that is one that was never set.
    return UInt64(max(0, time.tv_sec - 1_420_070_400)) * 100_000 + UInt64(time.tv_nsec / 10_000)
  }

  /// A timestamp above all before it.
  func next() -> UInt64 {
    let now = clock()
    var last = newest.load(ordering: .relaxed)
    while true {
      let wanted = max(now, last &+ 1)
      let (isSet, seen) = newest.compareExchange(
        expected: last, desired: wanted, ordering: .relaxed)
      if isSet { return wanted }
      last = seen
    }
  }

  /// What a timestamp of the other side is compared with at its first contact.
  var now: UInt64 { max(clock(), newest.load(ordering: .relaxed)) }

  /// Takes over a verified timestamp of the other side.
  func raise(to timestamp: UInt64) { newest.max(timestamp, ordering: .relaxed) }
}
