import Foundation
import Glibc
import PlantRig
import ReplanCore
import ReplanRealtime
import ReplanRobot
import Testing

@testable import ReplanLoop
@testable import ReplanRecord

/// The recorder alone, fed by hand.
@Suite struct RecorderTests {
  private let robot: RobotDescription
  private let header: EpisodeHeader
  private let path = NSTemporaryDirectory() + "replan-recorder-" + UUID().uuidString + ".mcap"

  init() throws {
    robot = try RobotDescription.parse(
      text: EpisodeRig.robotText(rate: 100), file: "robot.yaml")
    header = EpisodeHeader(
      robotName: "r", robotText: robot.source, observationChannels: robot.observation.map(\.name),
      actionChannels: robot.action.map(\.name), rate: 100, tick: 0.01, seed: 1, modelHash: "",
      index: 1, kind: "base", build: "test", created: "", startTime: 1_000_000_000)
  }

  @discardableResult
  private func record(
    _ writer: EpisodeWriter, _ records: [LoopRecord], capacity: Int = 4096,
    clockOffset: Int64? = nil
  ) -> Recorder {
    let ring = SpscRing<LoopRecord>(capacity: capacity)
    let recorder = Recorder(
      ring: ring, writer: writer, header: header, refit: nil,
      configuration: robot.controllerConfiguration(seed: 1), isLockstep: false,
      clockOffset: clockOffset
    ) { _ in }
    for record in records { ring.push(record) }
    recorder.finish()
    recorder.run()
    return recorder
  }

  private func tick(_ k: Int, angle: Float = 0, force: Float = 0) -> LoopRecord {
    var record = sample(k)
    record.observation[2] = angle
    record.isTick = true
    record.tick = UInt32(k)
    record.sentSequence = UInt32(k + 1)
    record.action[0] = force
    record.sendTime = record.time + 1_000_000
    return record
  }

  private func sample(_ k: Int) -> LoopRecord {
    var record = LoopRecord()
    record.hasObservation = true
    record.time = Int64(k + 1) * 10_000_000
    record.sequence = UInt32(k)
    return record
  }

  private func outcome() -> EpisodeOutcome {
    EpisodeOutcome(
      seconds: 0, isSuccess: false, episodeReturn: 0, ticks: 0, overruns: 0, fallbacks: 0,
      reason: "")
  }

  @Test func theReturnIsMinusTheSummedCost() throws {
    let writer = try EpisodeWriter(path: path, header: header, isSynchronized: false)
    defer { unlink(path) }
    let recorder = record(
      writer, [tick(0, angle: .pi), tick(1, angle: .pi / 2, force: 10), tick(2, force: -5)])
    // 1 - cos of the angle, and 0.01 of the squared force over 10 N.
    #expect(abs(recorder.figures.episodeReturn + (2 + 1 + 0.01 + 0.0025)) < 1e-5)
    #expect(recorder.figures.ticks == 3)
    #expect(recorder.figures.droppedRecords == 0)
  }

  /// Times of the monotonic clock become times since 1970 to the nanosecond.
  @Test func recordsBearTheTimesOfTheirEvents() throws {
    let writer = try EpisodeWriter(path: path, header: header, isSynchronized: false)
    defer { unlink(path) }
    let offset: Int64 = 1_700_000_000_123_456_789
    record(writer, (0..<3).map { tick($0) }, clockOffset: offset)
    try writer.close(outcome: outcome())
    let episode = try EpisodeReader.read(path)
    let times = (0..<3).map { UInt64(offset + Int64($0 + 1) * 10_000_000) }
    #expect(episode.observations.map(\.logTime) == times)
    #expect(episode.ticks.map(\.logTime) == times)
    #expect(episode.actions.map(\.logTime) == times)
    #expect(episode.actions.map(\.sentTime) == times.map { $0 + 1_000_000 })
  }

  /// A pipe that nobody empties takes the disk's place: the loop goes on, the ring runs over.
  @Test func whatASlowDiskCostsIsCountedInTheEpisode() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    let (readEnd, writeEnd) = (ends[0], ends[1])
    let writer = try EpisodeWriter(
      file: OutputFile(path: path, descriptor: writeEnd), header: header,
      settings: MCAPWriter.Settings(isCompressed: false, isSynchronized: false))
    let ring = SpscRing<LoopRecord>(capacity: 64)
    let recorder = Recorder(
      ring: ring, writer: writer, header: header, refit: nil,
      configuration: robot.controllerConfiguration(seed: 1), isLockstep: false
    ) { _ in }
    let thread = try RealtimeThread<Void>.start(ThreadOptions(name: "recorder", priority: nil)) {
      _ in recorder.run()
    }
    var pushed = 0
    while ring.dropped < 10 {
      ring.push(tick(pushed))
      pushed += 1
    }
    recorder.finish()
    let content = try RealtimeThread<[UInt8]>.start(ThreadOptions(name: "disk", priority: nil)) {
      _ in
      Array(FileHandle(fileDescriptor: readEnd, closeOnDealloc: true).readDataToEndOfFile())
    }
    thread.join()
    let dropped = recorder.figures.droppedRecords
    #expect(dropped == ring.dropped && recorder.failure == nil)
    var end = outcome()
    end.droppedRecords = dropped
    try writer.close(outcome: end)
    let episode = try EpisodeReader.decode(content.join(), path: path)
    #expect(episode.isComplete && episode.outcome?.droppedRecords == dropped)
    #expect(episode.ticks.count == pushed - dropped)
  }

  @Test func overtakenSamplesAreRecordedWithoutATick() throws {
    let writer = try EpisodeWriter(path: path, header: header, isSynchronized: false)
    defer { unlink(path) }
    let recorder = record(writer, [tick(0), sample(1), sample(2), tick(3)])
    try writer.close(outcome: outcome())
    let episode = try EpisodeReader.read(path)
    #expect(episode.observations.map(\.sequence) == [0, 1, 2, 3])
    #expect(episode.ticks.map(\.tick) == [0, 3])
    #expect(episode.actions.map(\.sequence) == [1, 4])
    #expect(recorder.figures.samples == 4)
    #expect(recorder.figures.lostSamples == 0)
    #expect(episode.observations[1].logTime == 1_010_000_000)
  }

  @Test func aTickWithoutAnObservationLeavesATick() throws {
    let writer = try EpisodeWriter(path: path, header: header, isSynchronized: false)
    defer { unlink(path) }
    var blind = tick(1)
    blind.hasObservation = false
    blind.time = 0
    let recorder = record(writer, [tick(0), blind, tick(2)])
    try writer.close(outcome: outcome())
    let episode = try EpisodeReader.read(path)
    #expect(episode.observations.map(\.sequence) == [0, 2])
    #expect(episode.ticks.count == 3)
    #expect(recorder.figures.samples == 3)
    #expect(recorder.figures.lostSamples == 1)
    #expect(recorder.transitions.count == 0)
  }

  @Test func everyMessageThatTheDiskRefusesIsCounted() throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    defer { unlink(path) }
    try #require(descriptor >= 0)
    let writer = try EpisodeWriter(
      file: OutputFile(path: path, descriptor: descriptor), header: header,
      settings: MCAPWriter.Settings(isSynchronized: false))
    // From here on the disk is full.
    let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
    try #require(dup2(full, descriptor) == descriptor)
    close(full)
    let recorder = record(writer, (0..<120).map { tick($0) })
    // Half a second is a chunk: two of 50 ticks with five messages each, the rest is waiting.
    #expect(recorder.figures.droppedRecords == 500)
    guard case .file(_, _, ENOSPC)? = recorder.failure else {
      Issue.record("the disk's refusal is kept, not \(String(describing: recorder.failure))")
      return
    }
    #expect(recorder.transitions.count == 119)
    #expect(throws: RecordError.self) { try writer.close(outcome: outcome()) }
  }

  @Test func aClosedWriterRefusesEachMessage() throws {
    let writer = try EpisodeWriter(path: path, header: header, isSynchronized: false)
    defer { unlink(path) }
    try writer.close(outcome: outcome())
    let recorder = record(writer, [tick(0), sample(1), tick(2)])
    #expect(recorder.figures.droppedRecords == 11)
    #expect(recorder.failure == .closed(path: path))
    #expect(recorder.figures.ticks == 2)
  }

  @Test func recordsThatTheRingRefusedAreCounted() throws {
    let writer = try EpisodeWriter(path: path, header: header, isSynchronized: false)
    defer { unlink(path) }
    let recorder = record(writer, (0..<10).map { tick($0) }, capacity: 8)
    #expect(recorder.figures.droppedRecords == 2)
    #expect(recorder.figures.ticks == 8)
  }
}
