import Foundation
import Testing

@testable import ReplanScenarios

/// What goes wrong on the controller's side happens when it is due, and once.
@Suite(.serialized) struct ControllerDisturbanceTests {
  @Test func aStallBlocksTheCallerOnce() {
    let disturbance = ControllerDisturbance(
      [.recorderStall(at: 1, seconds: 0.2)], rate: 50, path: { nil })
    func milliseconds(_ ticks: Int) -> Double {
      let start = Date()
      disturbance.advance(to: ticks)
      return Date().timeIntervalSince(start) * 1000
    }
    let before = milliseconds(49)
    let stalled = milliseconds(50)
    let after = milliseconds(55)
    #expect(stalled >= 200 && before < stalled && after < stalled)
  }

  @Test func aFullDiskRefusesTheNextWrite() throws {
    let folder = try TestFolder()
    try folder.write("kept", "episode")
    let descriptor = open(folder.file("episode"), O_WRONLY | O_APPEND)
    defer { close(descriptor) }
    let other = open(folder.file("other"), O_WRONLY | O_CREAT, 0o644)
    defer { close(other) }
    let path = folder.file("episode")
    let disturbance = ControllerDisturbance([.diskFull(at: 1)], rate: 50, path: { path })
    disturbance.advance(to: 49)
    #expect(write(descriptor, "x", 1) == 1)
    disturbance.advance(to: 50)
    #expect(write(descriptor, "x", 1) == -1 && errno == ENOSPC)
    #expect(write(other, "x", 1) == 1)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "keptx")
  }

  @Test func hogsEndWhenTold() throws {
    func threads() throws -> Int {
      try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
    }
    let disturbance = ControllerDisturbance(
      [.cpuHog(threads: 2, at: 0, seconds: 3600)], rate: 50, path: { nil })
    let before = try threads()
    disturbance.advance(to: 0)
    let during = try threads()
    disturbance.end()
    let deadline = Date(timeIntervalSinceNow: 30)
    while try threads() >= during, Date() < deadline { sched_yield() }
    #expect(during > before)
    #expect(try threads() < during)
  }
}
