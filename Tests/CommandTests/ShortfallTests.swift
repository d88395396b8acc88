import Foundation
import Testing

extension CommandTests {
  /// What the host does not grant the control thread is told, and fatal only where that is wanted.
  @Suite(.serialized)
  struct ShortfallTests {
    let folder: Folder
    /// A processor that no machine has.
    private static let processor = "100000"

    init() throws { folder = try Folder() }

    @Test func isToldOnce() throws {
      let run = try folder.replan(
        "collect", Places.cartPole, "--episodes", "2", "--workspace", "w", "--cpu", Self.processor)
      #expect(run.code == 0, "\(run.errors)")
      let lines = run.errors.split(separator: "\n").filter {
        $0.contains("processor \(Self.processor)")
      }
      #expect(lines.count == 1)
      #expect(lines.first?.hasPrefix("not granted: ") == true)
      #expect(lines.first?.contains("try: ") == true)
    }

    /// A signed line is as punctual as the thread that signs.
    @Test func isToldOfTheThreadThatSigns() throws {
      let key = try folder.write(String(repeating: "5a", count: 32), "key")
      #expect(chmod(key, 0o600) == 0)
      var wrapper = ["/usr/bin/prlimit", "--rtprio=0:0"]
      if geteuid() == 0 {
        wrapper += ["/usr/bin/setpriv", "--bounding-set=-sys_nice,-sys_resource"]
      }
      let run = try ReplanProcess(
        ["collect", Places.cartPole, "--workspace", "w", "--key", key], in: folder, under: wrapper
      ).finish()
      #expect(run.code == 0, "\(run.errors)")
      let lines = run.errors.split(separator: "\n").filter { $0.contains("thread that signs") }
      #expect(lines.count == 1 && lines.first?.hasPrefix("not granted: SCHED_FIFO") == true)
    }

    @Test func isFatalOnRequest() throws {
      let run = try folder.replan(
        "collect", Places.cartPole, "--require-realtime", "--workspace", "w", "--cpu",
        Self.processor)
      #expect(run.code == 69)
      #expect(
        run.errors.contains("processor \(Self.processor)")
          && run.errors.contains("--require-realtime"))
    }
  }
}
