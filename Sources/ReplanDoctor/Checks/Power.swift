import ReplanRealtime

// What the processor does to save power and to stay cool.
extension HostChecks {
  private static let processorFolder = "/sys/devices/system/cpu"

  /// The processor's frequency governor, of the control thread's core or of all.
  func governor() -> Check {
    let subject = Subject(
      name: "frequency governor",
      why: "a core that has slowed down between two ticks computes the next one slowly",
      remedy: "keep the cores at full speed",
      command:
        "echo performance | sudo tee \(Self.processorFolder)/cpu*/cpufreq/scaling_governor")
    return reading(subject) { () throws(HostFileError) in
      var governors: [String: [Int]] = [:]
      for core in try cores() {
        let path = "\(Self.processorFolder)/cpu\(core)/cpufreq/scaling_governor"
        governors[try files.text(path), default: []].append(core)
      }
      let others = governors.filter { $0.key != "performance" }
      if others.isEmpty { return subject.ok("performance") }
      let list = others.sorted { $0.key < $1.key }.map { name, cores in
        "\(name) on core \(words(cores.map(String.init)))"
      }
      return subject.warning(words(list))
    }
  }

  /// The core that is asked about, or all.
  private func cores() throws(HostFileError) -> [Int] {
    if let cpu { return [cpu] }
    let cores = try files.numbered("cpu", in: Self.processorFolder)
    guard !cores.isEmpty else {
      throw HostFileError(path: Self.processorFolder, content: "no core")
    }
    return cores
  }

  /// Sleep states with a long way back, and whether the loop can forbid them.
  func sleepStates() -> Check {
    let subject = Subject(
      name: "sleep states",
      why: "a core wakes from deep sleep only after tens to hundreds of microseconds",
      remedy: "let the loop keep the cores awake while it is armed",
      command: "sudo chgrp dialout \(CPULatency.path) && sudo chmod 0660 \(CPULatency.path)")
    return reading(subject) { () throws(HostFileError) in
      if let driver = try? files.text("\(Self.processorFolder)/cpuidle/current_driver"),
        driver == "none"
      {
        return subject.ok("the kernel uses none")
      }
      let states = try deepStates()
      if states.isEmpty { return subject.ok("none that takes over \(Self.longWake) us to leave") }
      let list = words(states)
      if files.isWritable(CPULatency.path) {
        return subject.ok("\(list): avoided while armed, through \(CPULatency.path)")
      }
      return subject.problem("\(list), and this process cannot write \(CPULatency.path)")
    }
  }

  /// µs; about what the kernel itself takes to wake a thread.
  private static let longWake = 20

  private func deepStates() throws(HostFileError) -> [String] {
    var deepest: [String: Int] = [:]
    for core in try cores() {
      let folder = "\(Self.processorFolder)/cpu\(core)/cpuidle"
      for state in try files.numbered("state", in: folder) {
        let path = "\(folder)/state\(state)"
        guard try files.number(path + "/disable") == 0 else { continue }
        let latency = try files.number(path + "/latency")
        if latency > Self.longWake {
          let name = try files.text(path + "/name")
          deepest[name] = max(latency, deepest[name] ?? 0)
        }
      }
    }
    return deepest.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
      .map { "\($0.key) (\($0.value) us)" }
  }

  /// Whether the processor is slowed down because it is hot or short of power.
  func thermal() -> Check {
    let subject = Subject(
      name: "thermal throttling",
      why: "a processor that is too hot, or short of power, slows down in mid-episode",
      remedy:
        "cool the board, or give it a stronger supply; then look at the temperature under load",
      command: "grep . /sys/class/thermal/thermal_zone*/temp")
    let signs = [boardThrottling(subject), slowedDown(subject), pastThrottling(subject)]
      .compactMap { $0 }
    for finding in [Check.Finding.problem, .warning, .unknown] {
      if let worst = signs.first(where: { $0.finding == finding }) { return worst }
    }
    if let first = signs.first { return first }
    return subject.unknown("this machine shows neither temperatures nor throttling")
  }

  /// Raspberry Pi's firmware: bits 0-3 for now, 16-19 for since boot.
  private func boardThrottling(_ subject: Subject) -> Check? {
    let path = "/sys/devices/platform/soc/soc:firmware/get_throttled"
    guard files.exists(path) else { return nil }
    return reading(subject) { () throws(HostFileError) in
      let text = try files.text(path)
      let digits = text.hasPrefix("0x") ? text.dropFirst(2) : text[...]
      guard let bits = UInt32(digits, radix: 16) else {
        throw HostFileError(path: path, content: text)
      }
      let now = bits & 0xF
      if now & 1 != 0 {
        return subject.problem("the board's supply voltage is too low (0x\(digits))")
      }
      if now != 0 { return subject.problem("the board is slowed down now (0x\(digits))") }
      if bits >> 16 & 0xF != 0 {
        return subject.warning("the board was slowed down since it booted (0x\(digits))")
      }
      return subject.ok("not throttled since boot")
    }
  }

  /// A cooling device that is at work on the processor.
  private func slowedDown(_ subject: Subject) -> Check? {
    let folder = "/sys/class/thermal"
    guard files.exists(folder) else { return nil }
    return reading(subject) { () throws(HostFileError) in
      for device in try files.numbered("cooling_device", in: folder) {
        let path = "\(folder)/cooling_device\(device)"
        let type = try files.text(path + "/type")
        guard type == "Processor" || type.contains("cpufreq") || type.contains("cpu-freq") else {
          continue
        }
        guard try files.number(path + "/cur_state") == 0 else {
          return subject.problem("the processor is slowed down now, by \(type)")
        }
      }
      let zones = try files.numbered("thermal_zone", in: folder)
      guard !zones.isEmpty else { return subject.unknown("\(folder) has no temperature") }
      var hottest = Int.min
      for zone in zones {
        // A sensor that is switched off refuses to be read; the others count.
        if let temperature = try? files.number("\(folder)/thermal_zone\(zone)/temp") {
          hottest = max(hottest, temperature)
        }
      }
      guard hottest > .min else { return subject.unknown("no thermal zone can be read") }
      return subject.ok("\(hottest / 1000) degrees at most, not slowed down")
    }
  }

  /// What the processor itself has counted.
  private func pastThrottling(_ subject: Subject) -> Check? {
    guard let cores = try? cores() else { return nil }
    var total: Int?
    for core in cores {
      let folder = "\(Self.processorFolder)/cpu\(core)/thermal_throttle"
      guard let count = try? files.number(folder + "/core_throttle_count") else { continue }
      total = (total ?? 0) + count
    }
    guard let total else { return nil }
    return total == 0
      ? subject.ok("not slowed down since boot")
      : subject.warning("cores were slowed down \(total) times since boot")
  }
}
