// The machine around the processor: adapters, swap, clocks, and whether it is one.
extension HostChecks {
  /// How long a USB adapter keeps received bytes back.
  func serialLatency() -> Check {
    let folder = "/sys/bus/usb-serial/devices"
    var subject = Subject(
      name: "USB-serial latency",
      why: "an adapter with a latency timer hands an observation over up to that much later",
      remedy: "set the timer to 1 ms; contrib/99-replan-serial.rules does so at every plugging in",
      command: "")
    guard files.exists(folder) else {
      return subject.unknown("no \(folder): no USB-serial driver is loaded, or no adapter is there")
    }
    return reading(subject) { () throws(HostFileError) in
      let all = try files.names(folder)
      if all.isEmpty { return subject.ok("no USB-serial adapter is plugged in") }
      let ports = try adapters(among: all)
      if ports.isEmpty { return subject.ok("\(device ?? "the plant") is at none of them") }
      var slow: [(port: String, milliseconds: Int)] = []
      for port in ports {
        let path = "\(folder)/\(port)/latency_timer"
        // Only FTDI's adapters have one.
        guard files.exists(path) else { continue }
        let milliseconds = try files.number(path)
        if milliseconds > 1 { slow.append((port, milliseconds)) }
      }
      guard let worst = slow.map(\.milliseconds).max() else {
        return subject.ok("\(words(ports)): 1 ms at most")
      }
      subject.command =
        slow.map { "echo 1 | sudo tee \(folder)/\($0.port)/latency_timer" }
        .joined(separator: " && ")
      let found = words(slow.map { "\($0.port) waits \($0.milliseconds) ms" })
      return Double(worst) * 1e-3 > period / 10
        ? subject.problem(found) : subject.warning(found)
    }
  }

  /// The adapter of the plant, or all of them where the plant's port is not given.
  private func adapters(among all: [String]) throws(HostFileError) -> [String] {
    guard let device else { return all }
    // A stable name such as /dev/serial/by-id/… is a symbolic link.
    let path = files.resolved(device) ?? device
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return all.filter { $0 == name }
  }

  /// Whether memory may be moved to a disk.
  func swap() -> Check {
    let subject = Subject(
      name: "swap",
      why: "what is not locked, such as the recorder's files and other programs, may have to come "
        + "back from disk, and the disk then is busy",
      remedy: "switch swap off while the robot runs (for good: remove it from /etc/fstab)",
      command: "sudo swapoff -a")
    return reading(subject) { () throws(HostFileError) in
      let lines = try files.text("/proc/swaps").split(separator: "\n")
      guard lines.first?.hasPrefix("Filename") ?? false else {
        throw HostFileError(path: "/proc/swaps", content: String(lines.first ?? ""))
      }
      if lines.count == 1 { return subject.ok("there is none") }
      let names = lines.dropFirst().compactMap {
        $0.split { $0.isWhitespace }.first.map(String.init)
      }
      let swappiness = (try? files.number("/proc/sys/vm/swappiness")).map { ", swappiness \($0)" }
      return subject.warning(words(names) + (swappiness ?? ", swappiness not to be seen"))
    }
  }

  /// Whether there is a host below that may stop the whole machine.
  func virtualMachine() -> Check {
    let subject = Subject(
      name: "virtual machine",
      why:
        "the host may stop the whole machine for milliseconds, and nothing in here can prevent it",
      remedy: "control a robot from a machine of its own; use this one with the simulator")
    return reading(subject) { () throws(HostFileError) in
      let path = "/proc/cpuinfo"
      let flags = try files.text(path).split(separator: "\n").first {
        $0.hasPrefix("flags") || $0.hasPrefix("Features")
      }
      guard let flags else { throw HostFileError(path: path, content: "no line of features") }
      let type = try? files.text("/sys/hypervisor/type")
      let isTold =
        flags.split { $0.isWhitespace }.contains("hypervisor") || type != nil
        || files.exists("/proc/device-tree/hypervisor")
      guard isTold else { return subject.ok("no sign of a host below") }
      let maker = try? files.text("/sys/class/dmi/id/sys_vendor")
      let words = [maker, type].compactMap { $0 }.joined(separator: ", ")
      return subject.warning("this is one" + (words.isEmpty ? "" : " (\(words))"))
    }
  }

  /// What the system reads the time from.
  func clockSource() -> Check {
    let folder = "/sys/devices/system/clocksource/clocksource0"
    var subject = Subject(
      name: "clock source",
      why: "reading a slow clock takes a microsecond and more each time, and it may be coarse",
      remedy: "choose the processor's own counter")
    return reading(subject) { () throws(HostFileError) in
      let current = try files.text(folder + "/current_clocksource")
      let slow = ["hpet", "acpi_pm", "pit", "jiffies", "refined-jiffies"]
      guard slow.contains(current) else { return subject.ok(current) }
      let available = try files.text(folder + "/available_clocksource").split { $0.isWhitespace }
      if let better = available.first(where: { !slow.contains(String($0)) }) {
        subject.command = "echo \(better) | sudo tee \(folder)/current_clocksource"
      } else {
        subject.remedy =
          "the kernel distrusts the processor's counter: see why, and update firmware and kernel"
        subject.command = "sudo dmesg | grep -i -e tsc -e clocksource"
      }
      return subject.warning(current)
    }
  }
}
