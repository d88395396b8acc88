import Glibc

/// What the operating system granted; a plant that lags behind real time is a worse plant, but one.
struct Scheduling: CustomStringConvertible {
  var isRealtime: Bool
  var isMemoryLocked: Bool

  /// Below the priorities that controllers use: where both share a core, the plant's few
  /// microseconds must not show up in the tick that is being measured.
  private static let priority: Int32 = 10

  static func acquire() -> Scheduling {
    var parameter = sched_param()
    parameter.sched_priority = priority
    return Scheduling(
      isRealtime: sched_setscheduler(0, SCHED_FIFO, &parameter) == 0,
      isMemoryLocked: mlockall(MCL_CURRENT | MCL_FUTURE) == 0)
  }

  var description: String {
    "scheduling=\(isRealtime ? "fifo" : "normal") memory=\(isMemoryLocked ? "locked" : "pageable")"
  }
}
