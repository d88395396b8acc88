// How the kernel schedules: preemption, throttling, limits.
extension HostChecks {
  /// Whether the kernel can be interrupted when the control thread is to run.
  func preemption() -> Check {
    let subject = Subject(
      name: "kernel preemption",
      why: "until the kernel leaves what it is doing, the control thread waits, also at the "
        + "highest priority",
      remedy: "choose full preemption at boot, or install a PREEMPT_RT kernel (Debian has one)",
      command: "sudo apt install linux-image-rt-\(architecture)")
    return reading(subject) { () throws(HostFileError) in
      if (try? files.number("/sys/kernel/realtime")) == 1 { return subject.ok("PREEMPT_RT") }
      let version = try files.text("/proc/sys/kernel/version")
      let words = version.split { $0.isWhitespace || $0 == "(" || $0 == ")" }
      if words.contains("PREEMPT_RT") { return subject.ok("PREEMPT_RT") }
      if words.contains("PREEMPT_DYNAMIC") { return dynamicPreemption(subject) }
      if words.contains("PREEMPT") { return subject.ok(Self.full) }
      return subject.problem("the kernel is not preemptible (its version names no PREEMPT)")
    }
  }

  private static let full = "full preemption; the worst case is bounded by PREEMPT_RT only"

  /// The mode in force; its file sets the chosen word in parentheses. Where only root may see that,
  /// the kernel's command line tells if it names one.
  private func dynamicPreemption(_ subject: Subject) -> Check {
    let path = "/sys/kernel/debug/sched/preempt"
    let mode: String
    do throws(HostFileError) {
      let modes = try files.text(path)
      let chosen = modes.split { $0.isWhitespace }.first { $0.hasPrefix("(") }
      guard let chosen else { throw HostFileError(path: path, content: modes) }
      mode = String(chosen.dropFirst().dropLast())
    } catch {
      guard let atBoot = bootOption("preempt") else {
        return subject.unknown(
          "PREEMPT_DYNAMIC, and the mode is not to be seen: \(error)",
          remedy: "look at the mode as root, with debugfs mounted; `full` is wanted",
          command: "sudo mount -t debugfs none /sys/kernel/debug; sudo cat \(path)")
      }
      mode = atBoot
    }
    var subject = subject
    subject.command = "echo full | sudo tee \(path)"
    switch mode {
    case "full": return subject.ok(Self.full)
    case "lazy", "voluntary": return subject.warning("preemption is \(mode) only")
    case "none": return subject.problem("preemption is switched off (none)")
    default: return subject.unknown("the mode is \"\(mode)\", which is not known")
    }
  }

  private func bootOption(_ name: String) -> String? {
    let words = (try? files.text("/proc/cmdline"))?.split { $0.isWhitespace } ?? []
    return words.last { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
  }

  /// The last part of the name of Debian's kernel packages.
  private var architecture: String {
    #if arch(x86_64)
      "amd64"
    #else
      "arm64"
    #endif
  }

  /// Whether real-time threads are stopped for a part of each second.
  func throttling() -> Check {
    let subject = Subject(
      name: "real-time throttling",
      why: "a real-time thread that works through its share of a second is stopped until the next",
      remedy: "switch throttling off, once the loop is known to sleep between its ticks",
      command: "sudo sysctl -w kernel.sched_rt_runtime_us=-1")
    return reading(subject) { () throws(HostFileError) in
      let runtime = try files.number("/proc/sys/kernel/sched_rt_runtime_us")
      if runtime < 0 { return subject.ok("real-time threads are never stopped") }
      let period = try files.number("/proc/sys/kernel/sched_rt_period_us")
      if runtime >= period { return subject.ok("real-time threads may run all the time") }
      return subject.warning(
        "real-time threads may run \(runtime / 1000) of each \(period / 1000) ms; this matters to "
          + "ticks that take nearly the whole period and to `wait: spin`")
    }
  }

  /// Whether the control thread gets its priority.
  func realtimeLimit() -> Check {
    let subject = Subject(
      name: "real-time priority",
      why: "without it any program that is busy holds up the control thread for milliseconds",
      remedy: "allow the group dialout real-time priorities, then log in anew",
      command: "echo '@dialout - rtprio 95' | sudo tee /etc/security/limits.d/99-replan-rtprio.conf"
    )
    return reading(subject) { () throws(HostFileError) in
      if try holdsCapability(23) { return subject.ok("this process may set any (CAP_SYS_NICE)") }
      let limit = try limit("Max realtime priority")
      if let limit, limit < priority {
        return subject.problem("the limit is \(limit), the control thread asks for \(priority)")
      }
      return subject.ok("the limit is \(limit.map { "\($0)" } ?? "none")")
    }
  }

  /// Whether the loop's memory can be locked.
  func memoryLimit() -> Check {
    let subject = Subject(
      name: "locked memory",
      why: "a page that the system has taken away has to be fetched from disk in mid-tick",
      remedy: "allow the group dialout to lock memory, then log in anew",
      command:
        "echo '@dialout - memlock unlimited' | sudo tee /etc/security/limits.d/99-replan-memlock.conf"
    )
    return reading(subject) { () throws(HostFileError) in
      if try holdsCapability(14) { return subject.ok("this process may lock any (CAP_IPC_LOCK)") }
      guard let limit = try limit("Max locked memory") else { return subject.ok("no limit") }
      return subject.problem("no more than \(limit / 1024) KiB may be locked")
    }
  }

  /// A hard limit of this process, since that is up to where it may raise its own; nil: unlimited.
  private func limit(_ name: String) throws(HostFileError) -> Int? {
    let path = "/proc/self/limits"
    let text = try files.text(path)
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name) }) else {
      throw HostFileError(path: path, content: "no line \(name)")
    }
    let columns = line.dropFirst(name.count).split { $0.isWhitespace }
    guard columns.count >= 2 else { throw HostFileError(path: path, content: String(line)) }
    if columns[1] == "unlimited" { return nil }
    guard let number = Int(columns[1]) else {
      throw HostFileError(path: path, content: String(line))
    }
    return number
  }

  private func holdsCapability(_ bit: Int) throws(HostFileError) -> Bool {
    let path = "/proc/self/status"
    let text = try files.text(path)
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("CapEff:") }),
      let set = UInt64(trimmed(line.dropFirst(7)), radix: 16)
    else { throw HostFileError(path: path, content: "no line CapEff") }
    return set >> UInt64(bit) & 1 == 1
  }
}
