import Testing

@testable import ReplanDoctor

@Suite struct PowerTests {
  private static let cpu = "/sys/devices/system/cpu"

  @Test(arguments: [
    ("performance", "performance", nil, Check.Finding.ok),
    ("performance", "schedutil", nil, .warning),
    ("performance", "schedutil", 0, .ok),
    ("performance", "schedutil", 1, .warning),
  ])
  func governor(
    first: String, second: String, core: Int?, finding: Check.Finding
  ) throws {
    let host = try PlantedHost([
      Self.cpu + "/cpu0/cpufreq/scaling_governor": first,
      Self.cpu + "/cpu1/cpufreq/scaling_governor": second,
      Self.cpu + "/cpufreq/boost": "1",
    ])
    let check = host.checks(cpu: core).governor()
    #expect(check.finding == finding, "\(check.found)")
    if finding == .warning { #expect(check.found == "schedutil on core 1") }
  }

  private static func state(_ number: Int, _ name: String, _ latency: Int, disabled: Bool = false)
    -> [String: String]
  {
    let folder = cpu + "/cpu0/cpuidle/state\(number)"
    return [
      folder + "/name": name, folder + "/latency": "\(latency)",
      folder + "/disable": disabled ? "1" : "0",
    ]
  }

  @Test func deepSleepIsAProblemUnlessItCanBeForbidden() throws {
    let host = try PlantedHost(Self.state(0, "POLL", 0))
    try host.plant(Self.state(1, "C1", 2))
    #expect(host.checks().sleepStates().finding == .ok)
    try host.plant(Self.state(2, "C6", 133))
    let check = host.checks().sleepStates()
    #expect(check.finding == .problem && check.found.contains("C6 (133 us)"))
    #expect(check.command.contains("/dev/cpu_dma_latency"))
    // A folder of that name cannot be written.
    try host.folder("/dev/cpu_dma_latency")
    #expect(host.checks().sleepStates().finding == .problem)
    try host.plant(Self.state(2, "C6", 133, disabled: true))
    #expect(host.checks().sleepStates().finding == .ok)
  }

  @Test func deepSleepThatTheLoopForbidsIsNoProblem() throws {
    let host = try PlantedHost(Self.state(2, "C6", 133))
    try host.plant(["/dev/cpu_dma_latency": ""])
    let check = host.checks().sleepStates()
    #expect(check.finding == .ok && check.found.contains("avoided while armed"))
  }

  @Test func aKernelWithoutSleepStatesIsWell() throws {
    let host = try PlantedHost([Self.cpu + "/cpuidle/current_driver": "none"])
    #expect(host.checks().sleepStates().finding == .ok)
  }

  @Test(arguments: [
    ("0x0", Check.Finding.ok), ("0", .ok), ("0x50005", .problem), ("0x50000", .warning),
    ("0x2", .problem), ("yes", .unknown),
  ])
  func boardThrottling(text: String, finding: Check.Finding) throws {
    let host = try PlantedHost(["/sys/devices/platform/soc/soc:firmware/get_throttled": text])
    let check = host.checks().thermal()
    #expect(check.finding == finding, "\(check.found)")
  }

  @Test func coolingDevicesAndCountersAreLookedAt() throws {
    let host = try PlantedHost([
      "/sys/class/thermal/thermal_zone0/temp": "71500",
      "/sys/class/thermal/cooling_device0/type": "fan",
      "/sys/class/thermal/cooling_device0/cur_state": "3",
      "/sys/class/thermal/cooling_device1/type": "Processor",
      "/sys/class/thermal/cooling_device1/cur_state": "0",
    ])
    #expect(host.checks().thermal().found == "71 degrees at most, not slowed down")
    let counter = Self.cpu + "/cpu0/thermal_throttle/core_throttle_count"
    try host.plant([counter: "0"])
    #expect(host.checks().thermal().finding == .ok)
    try host.plant([counter: "12"])
    let past = host.checks().thermal()
    #expect(past.finding == .warning && past.found.contains("12 times"))
    try host.plant(["/sys/class/thermal/cooling_device1/cur_state": "1"])
    #expect(host.checks().thermal().finding == .problem)
  }
}
