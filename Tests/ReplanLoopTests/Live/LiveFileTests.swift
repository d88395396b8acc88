import Foundation
import ReplanCore
import ReplanRealtime
import ReplanRecord
import ReplanRobot
import Synchronization
import Testing

@testable import ReplanLoop

/// What is written into a live file is what is read from it.
@Suite struct LiveFileTests {
  private let folder: String
  private let configuration: ControllerConfiguration
  private let shape: LiveShape

  init() throws {
    folder = NSTemporaryDirectory() + "replan-live-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let robot = try RobotDescription.parse(text: Self.robot, file: "robot.yaml")
    configuration = robot.controllerConfiguration(seed: 1)
    shape = LiveShape(configuration)
  }

  private static let robot = """
    name: r
    rate: 100
    observation: [{name: x, unit: m}, {name: v, unit: m/s}]
    action: [{name: f, unit: N, min: -1, max: 1}]
    objective: {terms: [{quadratic: x, weight: 1}]}
    model: {members: 2, hidden: [4]}
    planner: {kind: ilqr, horizon: 0.05}
    """

  private func record(_ k: Int, _ verdict: Verdict = .explored) -> LoopRecord {
    var record = LoopRecord()
    record.isTick = true
    record.hasObservation = true
    record.tick = UInt32(k)
    record.verdict = verdict
    record.state = .running
    record.observation[0] = Float(k)
    record.observation[1] = -Float(k)
    record.action[0] = 2 * Float(k)
    record.disagreement = 0.5
    record.tickNanoseconds = 1_000_000
    return record
  }

  @Test func aNewFileTellsOfItsProcess() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let reader = LiveReader(workspace: folder)
    #expect(try reader.view() == nil)
    let writer = try LiveWriter(workspace: folder, shape: shape)
    let view = try #require(try reader.view())
    #expect(view.shape == shape && view.samples.isEmpty && view.head.phase == .idle)
    #expect(view.process.number == getpid() && view.process.isAlive)
    withExtendedLifetime(writer) {}
  }

  /// A session that was halted while it wrote shows no state; who it is stands there all the same.
  @Test func whoRunsIsToldInTheMidstOfWriting() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let reader = LiveReader(workspace: folder)
    #expect(try reader.process() == nil)
    let writer = try LiveWriter(workspace: folder, shape: shape)
    let file = try FileHandle(forWritingTo: URL(filePath: LiveFile.path(folder)))
    try file.seek(toOffset: UInt64(LiveLayout.lock))
    try file.write(contentsOf: withUnsafeBytes(of: UInt64(7)) { Data($0) })
    #expect(try reader.view() == nil)
    let process = try #require(try reader.process())
    #expect(process.number == getpid() && process.isAlive)
    withExtendedLifetime(writer) {}
  }

  @Test func theNewestTicksAreKept() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let writer = try LiveWriter(workspace: folder, shape: shape)
    let board = PlanBoard(configuration)
    for k in 0..<1000 {
      writer.append(LiveSample(record(k), episode: 3), plan: board) { $0.ticks = UInt32(k + 1) }
    }
    let view = try #require(try LiveReader(workspace: folder).view())
    #expect(view.head.samples == 1000 && view.head.ticks == 1000 && !view.head.hasPlan)
    #expect(view.samples.map(\.tick) == (744..<1000).map { UInt32($0) })
    let last = try #require(view.samples.last)
    #expect(last.observation[0] == 999 && last.action[0] == 1998 && last.episode == 3)
    #expect(last.verdict == .explored && last.arming == .running && last.hasObservation)
  }

  @Test func parametersAreToldOnce() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let writer = try LiveWriter(workspace: folder, shape: shape)
    let reader = LiveReader(workspace: folder)
    #expect(try reader.view() != nil)
    #expect(reader.parameters(after: 0) == nil)
    let values = (0..<shape.parameterCount).map { Float($0) }
    values.withUnsafeBufferPointer { writer.show($0.baseAddress!) }
    let (number, read) = try #require(reader.parameters(after: 0))
    #expect(read == values)
    #expect(reader.parameters(after: number) == nil)
  }

  /// A later session's file takes the place of the one that is open.
  @Test func aNewSessionIsFollowed() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let reader = LiveReader(workspace: folder)
    let first = try LiveWriter(workspace: folder, shape: shape)
    first.showEnd()
    #expect(try reader.view()?.head.phase == .ended)
    var other = shape
    other.horizon += 1
    let second = try LiveWriter(workspace: folder, shape: other)
    second.showFit(transitions: 10, step: 1, of: 2)
    let view = try #require(try reader.view())
    #expect(view.head.phase == .fitting && view.shape == other && view.head.fitTransitions == 10)
    withExtendedLifetime((first, second)) {}
  }

  @Test(arguments: [
    "", "no live file at all, but long enough for the first bytes of one, and more",
  ])
  func otherFilesAreRefused(text: String) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data(text.utf8).write(to: URL(filePath: LiveFile.path(folder)))
    let reader = LiveReader(workspace: folder)
    if text.isEmpty {
      #expect(try reader.view() == nil)
    } else {
      #expect(throws: RecordError.self) { try reader.view() }
    }
  }

  @Test func aFileThatIsCutShortIsRefused() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try LiveWriter(workspace: folder, shape: shape)
    #expect(truncate(LiveFile.path(folder), 1000) == 0)
    #expect(throws: RecordError.self) { try LiveReader(workspace: folder).view() }
  }

  /// Read while it is written, as fast as both can: no mixture is ever seen.
  @Test func readersSeeWholeStates() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let writer = try LiveWriter(workspace: folder, shape: shape)
    let board = PlanBoard(configuration)
    let isOver = Atomic<Bool>(false)
    try withThread {
      var k = 0
      while !isOver.load(ordering: .relaxed) {
        writer.append(LiveSample(record(k), episode: k), plan: board) {
          $0.ticks = UInt32(truncatingIfNeeded: k)
          $0.episode = UInt32(truncatingIfNeeded: k)
        }
        k += 1
        // A reader has to get in between: some ten times the pace of the fastest loop.
        usleep(100)
      }
    } while: {
      defer { isOver.store(true, ordering: .relaxed) }
      let reader = LiveReader(workspace: folder)
      var seen = 0
      var last: UInt64 = 0
      while seen < 300 {
        guard let view = try reader.view(), let newest = view.samples.last else { continue }
        seen += 1
        #expect(view.head.ticks == view.head.episode && newest.tick == view.head.ticks)
        #expect(newest.observation[0] == -newest.observation[1])
        #expect(view.head.samples >= last)
        last = view.head.samples
      }
    }
  }

  private func withThread(
    _ body: @escaping @Sendable () -> Void, while work: () throws -> Void
  ) throws {
    let thread = try RealtimeThread<Void>.start(ThreadOptions(name: "writer", priority: nil)) { _ in
      body()
    }
    // Where the work fails, the thread is joined as its value goes away.
    try work()
    thread.join()
  }

  @Test func ticksFallIntoBinsByTheirTime() {
    #expect(TickTimeCounts.bin(0) == 0 && TickTimeCounts.bin(1023) == 0)
    #expect(TickTimeCounts.bin(-5) == 0 && TickTimeCounts.bin(.max) == TickTimeCounts.count - 1)
    for bin in 1..<TickTimeCounts.count {
      let edge = Int64((TickTimeCounts.lowerEdge(bin) * 1000).rounded())
      #expect(TickTimeCounts.bin(edge) == bin && TickTimeCounts.bin(edge - 1) == bin - 1)
    }
    var counts = TickTimeCounts()
    counts.add(nanoseconds: 1_000_000)
    #expect((0..<TickTimeCounts.count).map { Int(counts[$0]) }.reduce(0, +) == 1)
  }
}
