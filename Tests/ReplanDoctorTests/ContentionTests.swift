import Testing

@testable import ReplanDoctor

@Suite struct ContentionTests {
  /// A `stat` file: the name, the flags, priority and policy are what matters.
  private static func stat(
    _ identifier: Int, _ name: String, kernel: Bool = false, priority: Int, policy: Int
  ) -> [String: String] {
    let flags = kernel ? 2_129_984 : 4_194_304
    let text =
      "\(identifier) (\(name)) S 1 1 1 0 -1 \(flags) "
      + Array(repeating: "0", count: 30).joined(separator: " ") + " \(priority) \(policy) 0 0 0"
    return ["/proc/\(identifier)/task/\(identifier)/stat": text]
  }

  private func host(_ files: [String: String]...) throws -> PlantedHost {
    let host = try PlantedHost(["/proc/version": "Linux"])
    for some in files { try host.plant(some) }
    return host
  }

  @Test func tasksAboveOursAreNamedAndTheKernelsApart() throws {
    let host = try host(
      Self.stat(11, "migration/0", kernel: true, priority: 99, policy: 1),
      Self.stat(3_000_001, "jackd (rt) x", priority: 85, policy: 1),
      Self.stat(3_000_002, "ordinary", priority: 0, policy: 0),
      Self.stat(3_000_003, "low", priority: 79, policy: 2))
    let check = host.checks(priority: 80).otherTasks()
    #expect(check.finding == .warning)
    #expect(check.found.contains("jackd (rt) x (3000001, 85)"))
    #expect(check.found.hasSuffix("the kernel's own: migration"))
    #expect(!check.found.contains("ordinary") && !check.found.contains("low"))
    #expect(host.checks(priority: 79).otherTasks().found.contains("low (3000003, 79)"))
    #expect(host.checks(priority: 90).otherTasks().finding == .ok)
  }

  @Test func deadlineTasksAreAboveAll() throws {
    let host = try host(Self.stat(3_000_001, "video", priority: 0, policy: 6))
    let check = host.checks(priority: 99).otherTasks()
    #expect(check.finding == .warning && check.found.contains("video (3000001, deadline)"))
  }

  @Test func kernelThreadsAloneAreNoFault() throws {
    let host = try host(
      Self.stat(11, "migration/0", kernel: true, priority: 99, policy: 1),
      Self.stat(12, "migration/1", kernel: true, priority: 99, policy: 1))
    let check = host.checks().otherTasks()
    #expect(check.finding == .ok && check.found.hasSuffix("the kernel's own: migration"))
  }

  private static let cpu = "/sys/devices/system/cpu"

  @Test(arguments: [
    ("2-3", "2-3", 3 as Int?, Check.Finding.ok), ("2", "", 3, .warning), ("", "", nil, .warning),
    ("2", "", nil, .warning), ("2", "", 9, .problem), ("x", "", 3, .unknown),
  ])
  func isolation(
    isolated: String, quiet: String, core: Int?, finding: Check.Finding
  ) throws {
    let host = try PlantedHost([
      Self.cpu + "/isolated": isolated, Self.cpu + "/nohz_full": quiet, Self.cpu + "/online": "0-3",
    ])
    let check = host.checks(cpu: core).isolation()
    #expect(check.finding == finding, "\(check.found)")
    if finding == .ok { #expect(check.found == "core 3 is isolated, without the kernel's tick") }
    if finding == .warning && core == 3 { #expect(check.command.contains("isolcpus=3")) }
  }

  @Test func theRemedyIsForTheMachinesOwnBootLoader() throws {
    let host = try PlantedHost([Self.cpu + "/isolated": "", Self.cpu + "/online": "0-3"])
    let grub = host.checks().isolation().command
    #expect(grub.contains("isolcpus=3 ") && grub.contains("/etc/default/grub"))
    try host.plant(["/boot/firmware/cmdline.txt": "root=/dev/mmcblk0p2"])
    #expect(host.checks(cpu: 2).isolation().command.contains("isolcpus=2 nohz_full=2"))
    #expect(host.checks(cpu: 2).isolation().command.contains("cmdline.txt"))
  }

  @Test func aSingleCoreCannotBeIsolated() throws {
    let host = try PlantedHost([Self.cpu + "/isolated": "", Self.cpu + "/online": "0"])
    #expect(host.checks().isolation().finding == .ok)
  }

  private static let interrupts = """
               CPU0       CPU1
      1:          9          0   IO-APIC   1-edge      i8042
     24:          0      51234   PCI-MSI 524288-edge   eth0
     25:          7         12   PCI-MSI 524289-edge   nvme0q1
    LOC:      99999      88888   Local timer interrupts
    ERR:          0
    """

  @Test func interruptsOnOurCoreAreNamedWithTheWayOut() throws {
    let host = try PlantedHost([
      "/proc/interrupts": Self.interrupts, Self.cpu + "/online": "0-1",
      "/proc/irq/1/smp_affinity_list": "0-1", "/proc/irq/24/smp_affinity_list": "0-1",
      "/proc/irq/25/smp_affinity_list": "0",
    ])
    let check = host.checks(cpu: 1).interrupts()
    #expect(check.finding == .warning && check.found == "on core 1 since boot: 24 eth0 (51234)")
    #expect(check.command.contains("echo 0 | sudo tee /proc/irq/$n/smp_affinity_list"))
    #expect(check.command.contains("for n in 24;"))
    try host.plant(["/proc/irq/24/smp_affinity_list": "0"])
    #expect(host.checks(cpu: 1).interrupts().finding == .ok)
  }

  @Test func withoutACoreInterruptsAreNotKnown() throws {
    let host = try PlantedHost(["/proc/interrupts": Self.interrupts])
    #expect(host.checks().interrupts().finding == .unknown)
    #expect(host.checks(cpu: 5).interrupts().finding == .unknown)
  }

  @Test func listsOfProcessors() {
    #expect(processors("0-2,5") == [0, 1, 2, 5])
    #expect(processors("") == [])
    #expect(processors("3-1") == nil && processors("a") == nil && processors("1-2-3") == nil)
  }
}
