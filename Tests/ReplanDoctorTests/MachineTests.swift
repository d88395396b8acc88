import Testing

@testable import ReplanDoctor

@Suite struct MachineTests {
  private static let serial = "/sys/bus/usb-serial/devices"

  @Test(arguments: [
    ("16", 0.02, Check.Finding.problem), ("16", 0.5, .warning), ("2", 0.02, .warning),
    ("1", 0.02, .ok), ("soon", 0.02, .unknown),
  ])
  func latencyTimer(milliseconds: String, period: Double, finding: Check.Finding) throws {
    let host = try PlantedHost([Self.serial + "/ttyUSB0/latency_timer": milliseconds])
    let check = host.checks(period: period).serialLatency()
    #expect(check.finding == finding, "\(check.found)")
    if finding == .problem {
      #expect(check.found == "ttyUSB0 waits 16 ms")
      #expect(check.command == "echo 1 | sudo tee \(Self.serial)/ttyUSB0/latency_timer")
    }
  }

  @Test func onlyThePlantsAdapterCounts() throws {
    let host = try PlantedHost([
      Self.serial + "/ttyUSB0/latency_timer": "16", Self.serial + "/ttyUSB1/latency_timer": "1",
      "/dev/ttyUSB0": "", "/dev/ttyUSB1": "",
    ])
    try host.link("/dev/robot", to: "/dev/ttyUSB1")
    #expect(host.checks(device: "/dev/robot").serialLatency().finding == .ok)
    #expect(host.checks(device: "/dev/ttyUSB0").serialLatency().finding == .problem)
    #expect(host.checks(device: "/dev/ttyACM0").serialLatency().finding == .ok)
    #expect(host.checks().serialLatency().finding == .problem)
  }

  @Test func adaptersWithoutATimerAreWell() throws {
    let host = try PlantedHost()
    try host.folder(Self.serial)
    #expect(host.checks().serialLatency().found == "no USB-serial adapter is plugged in")
    try host.folder(Self.serial + "/ttyUSB0")
    #expect(host.checks().serialLatency().finding == .ok)
  }

  private static let swapHeader = "Filename\t\tType\t\tSize\t\tUsed\t\tPriority"

  @Test(arguments: [
    (swapHeader, Check.Finding.ok),
    (swapHeader + "\n/dev/sda2    partition\t8388604\t0\t-2", .warning), ("", .unknown),
  ])
  func swap(text: String, finding: Check.Finding) throws {
    let host = try PlantedHost(["/proc/swaps": text, "/proc/sys/vm/swappiness": "60"])
    let check = host.checks().swap()
    #expect(check.finding == finding, "\(check.found)")
    if finding == .warning { #expect(check.found == "/dev/sda2, swappiness 60") }
  }

  @Test(arguments: [
    ("flags\t\t: fpu hypervisor lahf_lm", Check.Finding.warning), ("flags : fpu sse", .ok),
    ("Features\t: fp asimd", .ok), ("nothing", .unknown),
  ])
  func virtualMachine(text: String, finding: Check.Finding) throws {
    let host = try PlantedHost([
      "/proc/cpuinfo": "processor\t: 0\n" + text, "/sys/class/dmi/id/sys_vendor": "QEMU",
    ])
    let check = host.checks().virtualMachine()
    #expect(check.finding == finding, "\(check.found)")
    if finding == .warning { #expect(check.found.contains("QEMU")) }
  }

  @Test(arguments: [
    ("tsc", "tsc hpet", Check.Finding.ok, ""), ("arch_sys_counter", "arch_sys_counter", .ok, ""),
    ("hpet", "hpet acpi_pm", .warning, "dmesg"), ("acpi_pm", "tsc acpi_pm", .warning, "echo tsc"),
  ])
  func clockSource(
    current: String, available: String, finding: Check.Finding, command: String
  ) throws {
    let folder = "/sys/devices/system/clocksource/clocksource0"
    let host = try PlantedHost([
      folder + "/current_clocksource": current, folder + "/available_clocksource": available,
    ])
    let check = host.checks().clockSource()
    #expect(check.finding == finding, "\(check.found)")
    #expect(check.command.isEmpty ? command.isEmpty : check.command.contains(command))
  }
}
