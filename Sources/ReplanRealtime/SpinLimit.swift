import Glibc

/// Whether the kernel lets a real-time thread run without a pause.
///
/// By default it stops real-time threads for 50 ms of each second. One that sleeps between ticks
/// never notices; one that spins would be stopped in mid-tick, and the tick would wait for it.
enum SpinLimit {
  static let file = "/proc/sys/kernel/sched_rt_runtime_us"

  /// What stands in the way of spinning; nil if nothing does.
  static var shortfall: RealtimeReport.Shortfall? {
    shortfall(runtime: contents(of: file))
  }

  /// - Parameter runtime: what the kernel's file says; nil if there is none.
  static func shortfall(runtime: String?) -> RealtimeReport.Shortfall? {
    guard let microseconds = runtime.flatMap({ Int($0) }), microseconds >= 0 else { return nil }
    return RealtimeReport.Shortfall(
      what: "spinning workers",
      why: "the kernel stops a real-time thread after \(microseconds / 1000) ms of each second, so "
        + "they sleep instead",
      remedy: "sudo sysctl -w kernel.sched_rt_runtime_us=-1")
  }

  private static func contents(of path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 64)
    guard fgets(&line, Int32(line.count), file) != nil else { return nil }
    let text = line.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    return String(text.prefix { !$0.isWhitespace })
  }
}
