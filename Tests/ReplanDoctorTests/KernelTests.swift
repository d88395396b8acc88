import Testing

@testable import ReplanDoctor

@Suite struct KernelTests {
  private static let version = "/proc/sys/kernel/version"
  private static let mode = "/sys/kernel/debug/sched/preempt"

  @Test(arguments: [
    ("#1 SMP PREEMPT_RT Debian 6.12", nil, Check.Finding.ok),
    ("#1 SMP PREEMPT Debian 6.1", nil, .ok),
    ("#1 SMP PREEMPT_DYNAMIC", "none voluntary (full)", .ok),
    ("#1 SMP PREEMPT_DYNAMIC", "none (voluntary) full", .warning),
    ("#1 SMP PREEMPT_DYNAMIC", "none voluntary full (lazy)", .warning),
    ("#1 SMP PREEMPT_DYNAMIC", "(none) voluntary full", .problem),
    ("#1 SMP PREEMPT_DYNAMIC", "what", .unknown),
    ("#1 SMP PREEMPT_DYNAMIC", nil, .unknown),
    ("#1 SMP Debian 5.10", nil, .problem),
  ])
  func preemption(version: String, mode: String?, finding: Check.Finding) throws {
    let host = try PlantedHost([Self.version: version])
    if let mode { try host.plant([Self.mode: mode]) }
    let check = host.checks().preemption()
    #expect(check.finding == finding, "\(check.found)")
    #expect((check.finding == .ok) == check.remedy.isEmpty || check.finding == .unknown)
  }

  @Test func theCommandLineTellsWhereOnlyRootMayLook() throws {
    let host = try PlantedHost([
      Self.version: "#1 SMP PREEMPT_DYNAMIC", "/proc/cmdline": "ro quiet preempt=full",
    ])
    #expect(host.checks().preemption().finding == .ok)
    try host.plant(["/proc/cmdline": "preempt=none"])
    #expect(host.checks().preemption().finding == .problem)
    // What is in force outranks what was asked for at boot.
    try host.plant([Self.mode: "none voluntary (full)"])
    #expect(host.checks().preemption().finding == .ok)
  }

  @Test func realtimeKernelsOfOldAreKnownByTheirFile() throws {
    let host = try PlantedHost([Self.version: "#1 SMP", "/sys/kernel/realtime": "1"])
    #expect(host.checks().preemption().finding == .ok)
  }

  @Test(arguments: [
    ("-1", "1000000", Check.Finding.ok), ("1000000", "1000000", .ok),
    ("950000", "1000000", .warning), ("much", "1000000", .unknown),
  ])
  func throttling(runtime: String, period: String, finding: Check.Finding) throws {
    let host = try PlantedHost([
      "/proc/sys/kernel/sched_rt_runtime_us": runtime,
      "/proc/sys/kernel/sched_rt_period_us": period,
    ])
    let check = host.checks().throttling()
    #expect(check.finding == finding, "\(check.found)")
    if finding == .warning {
      #expect(check.found.contains("950 of each 1000 ms"))
      #expect(check.command == "sudo sysctl -w kernel.sched_rt_runtime_us=-1")
    }
  }

  private static func limits(priority: String, memory: String) -> String {
    """
    Limit                     Soft Limit           Hard Limit           Units
    Max locked memory         65536                \(memory)            bytes
    Max realtime priority     0                    \(priority)
    """
  }

  @Test(arguments: [
    ("0", "0", Check.Finding.problem), ("79", "0", .problem), ("80", "0", .ok),
    ("unlimited", "0", .ok), ("0", "800000", .ok), ("?", "0", .unknown),
  ])
  func realtimePriority(limit: String, capabilities: String, finding: Check.Finding) throws {
    let host = try PlantedHost([
      "/proc/self/limits": Self.limits(priority: limit, memory: "65536"),
      "/proc/self/status": "Name:\treplan\nCapEff:\t\(capabilities)",
    ])
    let check = host.checks(priority: 80).realtimeLimit()
    #expect(check.finding == finding, "\(check.found)")
    #expect(check.command.isEmpty == (finding != .problem))
  }

  @Test(arguments: [
    ("8388608", "0", Check.Finding.problem), ("unlimited", "0", .ok), ("65536", "4000", .ok),
  ])
  func lockedMemory(limit: String, capabilities: String, finding: Check.Finding) throws {
    let host = try PlantedHost([
      "/proc/self/limits": Self.limits(priority: "0", memory: limit),
      "/proc/self/status": "CapEff:\t\(capabilities)",
    ])
    let check = host.checks().memoryLimit()
    #expect(check.finding == finding, "\(check.found)")
    if finding == .problem { #expect(check.found.contains("8192 KiB")) }
  }
}
