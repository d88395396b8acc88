import Glibc
import ReplanRealtime
import Testing

/// What a process may and may not have, in processes of their own: limits cannot be raised again.
@Suite struct RealtimeReportTests {
  /// The probe's account of itself, one list of words a line.
  func facts(_ child: ChildProcess) -> [[String]] {
    child.output.split(separator: "\n").map {
      $0.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    }
  }

  @Test func whatIsRefusedIsReportedWithItsRemedy() throws {
    var command = ["/usr/bin/prlimit", "--rtprio=0:0", "--memlock=65536:65536"]
    if geteuid() == 0 {
      let bounds = "--bounding-set=-sys_nice,-ipc_lock,-sys_resource"
      command += ["/usr/bin/setpriv", bounds]
    }
    command += [try TickProbeProgram().path, "--report"]
    let child = try ChildProcess.run(command[0], Array(command.dropFirst()))
    #expect(child.status == 0, "\(child.errors)")
    let missing = facts(child).filter { $0[0] == "missing" }
    #expect(
      missing == [
        [
          "missing", "all memory locked",
          "this process may lock no more than 64 KiB (ulimit -l)",
          "sudo prlimit --pid $$ --memlock=unlimited:unlimited",
        ],
        [
          "missing", "SCHED_FIFO priority 42", "the limit of this process is 0 (ulimit -r)",
          "sudo prlimit --pid $$ --rtprio=42:42",
        ],
      ])
    #expect(facts(child).contains(["policy", "\(SCHED_OTHER)"]))
    #expect(facts(child).contains(["locked", "0"]))
  }

  @Test func whatIsNotReportedMissingIsInForce() throws {
    let child = try ChildProcess.run(TickProbeProgram().path, ["--report"])
    #expect(child.status == 0, "\(child.errors)")
    let facts = facts(child)
    let missing = Set(facts.filter { $0[0] == "missing" }.map { $0[1] })
    let policy = try #require(facts.first { $0[0] == "policy" }?[1])
    let locked = try #require(facts.first { $0[0] == "locked" }.flatMap { Int($0[1]) })
    #expect((policy == "\(SCHED_FIFO)") == !missing.contains("SCHED_FIFO priority 42"))
    #expect((locked > 1024) == !missing.contains("all memory locked"))
  }

  @Test func aReportReadsAsOneLineForEachShortfall() {
    let first = RealtimeReport([.init(what: "a", why: "b", remedy: "c")])
    let both = first + RealtimeReport([.init(what: "d", why: "e", remedy: "f")])
    #expect(both.description == "a: b; try: c\nd: e; try: f")
    #expect(!both.isComplete)
    #expect(RealtimeReport().isComplete)
  }
}
