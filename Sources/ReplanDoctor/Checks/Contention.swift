import Glibc

// What else wants the control thread's core.
extension HostChecks {
  /// Real-time threads that the control thread has to wait for.
  func otherTasks() -> Check {
    let subject = Subject(
      name: "other real-time tasks",
      why: "a thread of the same or a higher priority runs first, for as long as it likes",
      remedy: "give the control thread a higher --priority, or the other one a lower",
      command: "sudo chrt -f -p 40 THREAD")
    return reading(subject) { () throws(HostFileError) in
      let tasks = try tasks().filter { $0.precedes(priority) }
      // The kernel's own, such as migration, run for microseconds and cannot be done without.
      let kernel = tasks.filter(\.isKernelThread)
      let others = tasks.filter { !$0.isKernelThread }
      let names = Set(kernel.map { String($0.name.prefix { $0 != "/" }) }).sorted()
      let apart = names.isEmpty ? "" : "; the kernel's own: \(words(names))"
      guard !others.isEmpty else {
        return subject.ok("none at priority \(priority) or above" + apart)
      }
      return subject.warning(
        "at priority \(priority) or above: \(words(others.map(\.text)))" + apart)
    }
  }

  private func tasks() throws(HostFileError) -> [TaskState] {
    var tasks: [TaskState] = []
    let own = Int(getpid())
    for process in try files.numbered("", in: "/proc") where process != own {
      let folder = "/proc/\(process)/task"
      // A process may end while it is looked at.
      for thread in (try? files.numbered("", in: folder)) ?? [] {
        guard let text = try? files.text("\(folder)/\(thread)/stat") else { continue }
        if let task = TaskState(text) { tasks.append(task) }
      }
    }
    guard !tasks.isEmpty else { throw HostFileError(path: "/proc", content: "no tasks") }
    return tasks
  }

  /// Whether the control thread's core is kept free of other work.
  func isolation() -> Check {
    var subject = Subject(
      name: "isolated core",
      why: "on a core that others use, too, their work and the kernel's delays the control thread",
      remedy: "boot with a core set apart, and bind the control thread to it with --cpu")
    return reading(subject) { () throws(HostFileError) in
      let folder = "/sys/devices/system/cpu"
      let isolated = try list(folder + "/isolated")
      let online = try list(folder + "/online")
      if online.count == 1 { return subject.ok("the machine has one core only") }
      subject.command = isolating(cpu ?? online.max() ?? 0)
      // Kernels without the feature have no such file.
      let quiet = (try? list(folder + "/nohz_full")) ?? []
      guard let cpu else {
        if isolated.isEmpty { return subject.warning("none of \(online.count) cores is isolated") }
        let all = words(isolated.sorted().map(String.init))
        return subject.warning("core \(all) is isolated, but --cpu does not choose it")
      }
      guard online.contains(cpu) else {
        return subject.problem("core \(cpu) is not there; there are \(numbers(online))")
      }
      guard isolated.contains(cpu) else { return subject.warning("core \(cpu) is not isolated") }
      let tick = quiet.contains(cpu) ? ", without the kernel's tick" : ""
      return subject.ok("core \(cpu) is isolated" + tick)
    }
  }

  /// Adds the options to the kernel's command line, where this machine keeps it.
  private func isolating(_ core: Int) -> String {
    let options = "isolcpus=\(core) nohz_full=\(core) rcu_nocbs=\(core)"
    let board = "/boot/firmware/cmdline.txt"
    return files.exists(board)
      ? "sudo sed -i '1s/$/ \(options)/' \(board) && sudo reboot"
      : "sudo sed -i 's/^GRUB_CMDLINE_LINUX=\"/&\(options) /' /etc/default/grub "
        + "&& sudo update-grub && sudo reboot"
  }

  private func list(_ path: String) throws(HostFileError) -> Set<Int> {
    let text = try files.text(path)
    // "(null)" is how some kernels write an empty nohz_full.
    if text == "(null)" { return [] }
    guard let list = processors(text) else { throw HostFileError(path: path, content: text) }
    return list
  }

  private func numbers(_ processors: Set<Int>) -> String {
    words(processors.sorted().map(String.init))
  }

  /// Interrupts that the control thread's core handles.
  func interrupts() -> Check {
    var subject = Subject(
      name: "interrupts on our core",
      why: "an interrupt handler runs before any thread, and several may follow one another",
      remedy: "send interrupts to other cores (and stop irqbalance, which sends them back)")
    guard let cpu else {
      return subject.unknown(
        "the control thread is not bound to a core", remedy: "say which core to look at",
        command: "replan doctor --cpu N")
    }
    return reading(subject) { () throws(HostFileError) in
      let busy = try interrupts(on: cpu)
      guard !busy.isEmpty else { return subject.ok("none is sent to core \(cpu)") }
      let others = try list("/sys/devices/system/cpu/online").subtracting([cpu])
      let target = others.min().map(String.init) ?? "\(cpu)"
      subject.command =
        "sudo systemctl stop irqbalance; for n in \(busy.map(\.number).joined(separator: " ")); do "
        + "echo \(target) | sudo tee /proc/irq/$n/smp_affinity_list; done"
      let list = busy.sorted { $0.count > $1.count }.map { "\($0.name) (\($0.count))" }
      return subject.warning("on core \(cpu) since boot: \(words(list, limit: 4))")
    }
  }

  private struct Interrupt {
    var number: String
    var name: String
    var count: Int
  }

  /// Interrupts of devices that a core may be sent and has been sent.
  private func interrupts(on cpu: Int) throws(HostFileError) -> [Interrupt] {
    let path = "/proc/interrupts"
    let lines = try files.text(path).split(separator: "\n")
    let header = lines.first?.split { $0.isWhitespace } ?? []
    guard !header.isEmpty, header.allSatisfy({ $0.hasPrefix("CPU") }) else {
      throw HostFileError(path: path, content: String(lines.first ?? ""))
    }
    guard let column = header.firstIndex(of: "CPU\(cpu)") else {
      throw HostFileError(path: path, content: "no column CPU\(cpu)")
    }
    var found: [Interrupt] = []
    for line in lines.dropFirst() {
      let fields = line.split { $0.isWhitespace }
      // Those with letters (timer, rescheduling) belong to the core itself.
      guard let label = fields.first?.dropLast(), Int(label) != nil,
        fields.count > header.count + 1, let count = Int(fields[1 + column]), count > 0
      else { continue }
      let allowed = try list("/proc/irq/\(label)/smp_affinity_list")
      guard allowed.contains(cpu) else { continue }
      let name = fields.dropFirst(1 + header.count).last.map(String.init) ?? "?"
      found.append(Interrupt(number: String(label), name: "\(label) \(name)", count: count))
    }
    return found
  }
}
