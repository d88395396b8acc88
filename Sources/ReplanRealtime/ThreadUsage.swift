internal import CRealtime

/// What the kernel has counted for one thread: page faults and context switches.
///
/// A control thread that has been prepared well shows no faults between two readings, and one
/// voluntary switch for each wait.
public struct ThreadUsage: Sendable, Equatable {
  /// Faults served without reading a disk.
  public var minorFaults: Int64
  /// Faults that had to read a disk.
  public var majorFaults: Int64
  /// Times the thread gave up the processor, by waiting.
  public var voluntarySwitches: Int64
  /// Times the processor was taken from it.
  public var involuntarySwitches: Int64

  /// The counters of the calling thread since it started.
  public static var current: ThreadUsage {
    let usage = crealtime_thread_usage()
    return ThreadUsage(
      minorFaults: usage.minor_faults, majorFaults: usage.major_faults,
      voluntarySwitches: usage.voluntary_switches,
      involuntarySwitches: usage.involuntary_switches)
  }

  /// No use at all, as of a thread that has not run.
  public static var none: ThreadUsage {
    ThreadUsage(minorFaults: 0, majorFaults: 0, voluntarySwitches: 0, involuntarySwitches: 0)
  }

  /// What was counted from the reading on the right to the reading on the left.
  public static func - (later: ThreadUsage, earlier: ThreadUsage) -> ThreadUsage {
    ThreadUsage(
      minorFaults: later.minorFaults - earlier.minorFaults,
      majorFaults: later.majorFaults - earlier.majorFaults,
      voluntarySwitches: later.voluntarySwitches - earlier.voluntarySwitches,
      involuntarySwitches: later.involuntarySwitches - earlier.involuntarySwitches)
  }
}
