internal import CRealtime

/// What has been counted for one thread: page faults and context switches, by the kernel, and uses of
/// the heap, by the program itself.
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
  /// Allocations, reallocations and releases; nil in a program that does not count them (only those
  /// with CAllocationWatch do).
  public var heapUses: Int64?

  /// The counters of the calling thread since it started.
  public static var current: ThreadUsage {
    let usage = crealtime_thread_usage()
    let heapUses = crealtime_heap_uses()
    return ThreadUsage(
      minorFaults: usage.minor_faults, majorFaults: usage.major_faults,
      voluntarySwitches: usage.voluntary_switches,
      involuntarySwitches: usage.involuntary_switches, heapUses: heapUses < 0 ? nil : heapUses)
  }

  /// No use at all, as of a thread that has not run.
  public static var none: ThreadUsage {
    ThreadUsage(
      minorFaults: 0, majorFaults: 0, voluntarySwitches: 0, involuntarySwitches: 0, heapUses: 0)
  }

  /// What was counted from the reading on the right to the reading on the left.
  public static func - (later: ThreadUsage, earlier: ThreadUsage) -> ThreadUsage {
    ThreadUsage(
      minorFaults: later.minorFaults - earlier.minorFaults,
      majorFaults: later.majorFaults - earlier.majorFaults,
      voluntarySwitches: later.voluntarySwitches - earlier.voluntarySwitches,
      involuntarySwitches: later.involuntarySwitches - earlier.involuntarySwitches,
      heapUses: later.heapUses.flatMap { now in earlier.heapUses.map { now - $0 } })
  }

  /// What two stretches of time came to together.
  public static func + (first: ThreadUsage, second: ThreadUsage) -> ThreadUsage {
    ThreadUsage(
      minorFaults: first.minorFaults + second.minorFaults,
      majorFaults: first.majorFaults + second.majorFaults,
      voluntarySwitches: first.voluntarySwitches + second.voluntarySwitches,
      involuntarySwitches: first.involuntarySwitches + second.involuntarySwitches,
      heapUses: first.heapUses.flatMap { uses in second.heapUses.map { uses + $0 } })
  }
}
