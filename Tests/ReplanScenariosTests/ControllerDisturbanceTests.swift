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
    _ = milliseconds(49)
    #expect(disturbance.acted == [0])
    #expect(milliseconds(50) >= 200 && disturbance.acted == [1])
    _ = milliseconds(55)
    #expect(disturbance.acted == [1])
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
    #expect(disturbance.acted == [1])
  }

  @Test func aDiskThatWasNotFilledDoesNotCount() {
    let disturbance = ControllerDisturbance([.diskFull(at: 0)], rate: 50, path: { "/no/file" })
    disturbance.advance(to: 0)
    #expect(disturbance.acted == [0])
  }

  @Test func hogsEndWhenTold() {
    let disturbance = ControllerDisturbance(
      [.modelMissing, .cpuHog(threads: 2, at: 0, seconds: 3600)], rate: 50, path: { nil })
    #expect(disturbance.hogs == 0)
    disturbance.advance(to: 0)
    #expect(disturbance.hogs == 2 && disturbance.acted == [0, 1])
    disturbance.end()
    let deadline = Date(timeIntervalSinceNow: 60)
    while disturbance.hogs > 0, Date() < deadline { sched_yield() }
    #expect(disturbance.hogs == 0)
  }
}
