import Glibc

/// Keeps the processors out of deep sleep, from which they take up to a millisecond to wake.
///
/// ```swift
/// let hold = CPULatency.hold()
/// // … the loop is armed …
/// hold.release()
/// ```
/// The kernel takes the request for as long as the file stays open, so that it ends with the
/// process in any case.
/// - Source: Linux kernel documentation, admin-guide/pm/cpuidle, "Power Management Quality of
///   Service for CPUs".
public struct CPULatency: ~Copyable, Sendable {
  /// What could not be had; then the processors sleep as before.
  public let report: RealtimeReport
  private let descriptor: Int32

  /// Where the kernel takes such requests.
  public static let path = "/dev/cpu_dma_latency"

  /// Asks for wake-ups without delay until the value is released.
  public static func hold(path: String = path) -> CPULatency {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return CPULatency(descriptor: -1, refused(path, errno)) }
    var microseconds: Int32 = 0
    let size = MemoryLayout<Int32>.size
    guard write(descriptor, &microseconds, size) == size else {
      let code = errno
      close(descriptor)
      return CPULatency(descriptor: -1, refused(path, code))
    }
    return CPULatency(descriptor: descriptor, RealtimeReport())
  }

  private init(descriptor: Int32, _ report: RealtimeReport) {
    self.descriptor = descriptor
    self.report = report
  }

  /// Lets the processors sleep again.
  public consuming func release() {}

  deinit { if descriptor >= 0 { close(descriptor) } }

  private static func refused(_ path: String, _ code: Int32) -> RealtimeReport {
    let isMissing = code == ENOENT || code == ENXIO || code == ENODEV
    return RealtimeReport([
      .init(
        what: "processors kept awake",
        why: isMissing
          ? "the kernel offers no \(path)" : "cannot write \(path): \(text(code))",
        remedy: isMissing
          ? "boot with processor.max_cstate=1 intel_idle.max_cstate=0, where the processor sleeps"
          : "sudo chgrp dialout \(path) && sudo chmod 0660 \(path)")
    ])
  }
}
