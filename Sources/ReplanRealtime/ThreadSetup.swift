internal import CRealtime
import Glibc

extension ThreadOptions {
  /// Gives the calling thread its name, processor and policy, as far as it may have them.
  func applyToCallingThread() -> RealtimeReport {
    let name = String(decoding: name.utf8.prefix(15), as: UTF8.self)
    _ = name.withCString { crealtime_set_name($0) }
    refuseSignals()
    return applyProcessor() + applyPriority()
  }

  /// Leaves all signals to other threads: a handler would run in the middle of a tick.
  private func refuseSignals() {
    var signals = sigset_t()
    sigfillset(&signals)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  private func applyProcessor() -> RealtimeReport {
    guard let cpu else { return RealtimeReport() }
    let code = crealtime_pin_to_cpu(Int32(clamping: cpu))
    guard code != 0 else { return RealtimeReport() }
    return RealtimeReport([
      .init(
        what: "processor \(cpu)",
        why: code == EINVAL
          ? "this machine has no such processor, or this process may not use it" : text(code),
        remedy: "grep Cpus_allowed_list /proc/self/status")
    ])
  }

  private func applyPriority() -> RealtimeReport {
    guard let priority else { return RealtimeReport() }
    let limit = ResourceLimit.realtimePriority.raise(to: UInt(priority))
    let code = crealtime_set_fifo(Int32(priority))
    guard code != 0 else { return RealtimeReport() }
    let what = "SCHED_FIFO priority \(priority)"
    if code == EPERM, limit >= UInt(priority) || crealtime_may_schedule() {
      return RealtimeReport([
        .init(
          what: what, why: "the process may have it, its control group has no real-time budget",
          remedy: "sudo sysctl -w kernel.sched_rt_runtime_us=-1")
      ])
    }
    return RealtimeReport([
      .init(
        what: what,
        why: code == EPERM ? "the limit of this process is \(limit) (ulimit -r)" : text(code),
        remedy: "sudo prlimit --pid $$ --rtprio=\(priority):\(priority)")
    ])
  }
}
