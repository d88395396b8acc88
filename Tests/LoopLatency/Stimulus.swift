import FirmwareSession
import Glibc
import PlantTerminal
import ReplanPlants
import ReplanRealtime
import ReplanWire
import Synchronization

/// The plant's end of a pseudo-terminal, which times the answers to its observations.
///
/// It runs the simulated plant's own session at its own pace, on a real-time thread: each observation
/// is a real one. An answer is the first action frame after it.
final class Stimulus: @unchecked Sendable {
  // SAFETY: all but `isStopped`, `progress` and `terminal.path` is touched by the plant's thread only,
  // until it is joined.

  /// What the controller opens.
  var path: String { terminal.path }
  /// Times from writing an observation to having read its answer, ns.
  private(set) var latencies: [Int64] = []
  /// Observations that had no answer before the next one.
  private(set) var unanswered = 0

  private let terminal = Terminal()
  private let isStopped = Atomic<Bool>(false)
  private let progress = Atomic<Int>(0)
  private let asksArmedOnly: Bool
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 512, alignment: 16)
  private var session: PlantSession
  private var parser = FrameParser()
  private var hasHeard = false
  /// Whether the session was armed before it made what it hands out.
  private var isArmed = false
  /// When the observation was written that has no answer yet; 0: there is none.
  private var asked: Int64 = 0
  private var warmUp = Stimulus.warmUp
  private let boot = MonotonicClock.nanoseconds

  /// Answers that are not counted, while caches and the phase lock settle.
  static let warmUp = 100

  /// - Parameters:
  ///   - asksArmedOnly: whether only observations of the armed plant are answered.
  init(rate: Double, asksArmedOnly: Bool, capacity: Int) {
    self.asksArmedOnly = asksArmedOnly
    session = PlantSession(
      SessionConfiguration(kind: .pendulum, seed: PlantSeed(1, 0), sampleRate: Float(rate)), at: 0)
    latencies.reserveCapacity(capacity)
  }

  deinit { buffer.deallocate() }

  /// Starts the plant's thread.
  func start(priority: Int, cpu: Int?) throws -> RealtimeThread<Void> {
    try RealtimeThread.start(ThreadOptions(name: "plant", priority: priority, cpu: cpu)) {
      [self] _ in
      run()
      terminal.hangUp()
    }
  }

  /// Ends the plant's thread; the line hangs up.
  func stop() { isStopped.store(true, ordering: .relaxed) }

  /// Answers counted so far.
  var answered: Int { progress.load(ordering: .relaxed) }

  private var now: UInt64 { UInt64(MonotonicClock.nanoseconds - boot) / 1000 }

  private func run() {
    while !isStopped.load(ordering: .relaxed) {
      if !hasHeard { session.lineOpened(at: now) }
      session.advance(to: now) { take($0) }
      let wakeUp = hasHeard ? session.nextWakeUp : min(session.nextWakeUp, now + 10_000)
      guard wait(microseconds: Int(wakeUp) - Int(now)) else { continue }
      let count = read(terminal.descriptor, buffer.baseAddress, buffer.count)
      let time = MonotonicClock.nanoseconds
      guard count > 0 else { continue }
      hasHeard = true
      let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
      note(bytes, at: time)
      session.receive(bytes, at: now) { take($0) }
      isArmed = session.isArmed
    }
  }

  private func wait(microseconds: Int) -> Bool {
    var watched = pollfd(fd: terminal.descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&watched, 1, Int32(max(0, min((microseconds + 999) / 1000, 100)))) > 0
  }

  private func take(_ output: SessionOutput) {
    guard case .frame(let bytes) = output else { return }
    if isObservation(bytes) && (isArmed || !asksArmedOnly) {
      if asked != 0 { unanswered += 1 }
      asked = MonotonicClock.nanoseconds
    }
    _ = write(terminal.descriptor, bytes.baseAddress, bytes.count)
  }

  /// The message's number is in bytes 7 to 9 of a frame.
  private func isObservation(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let number = UInt32(bytes[7]) | UInt32(bytes[8]) << 8 | UInt32(bytes[9]) << 16
    return MessageID(rawValue: number) == .observation
  }

  private func note(_ bytes: UnsafeRawBufferPointer, at time: Int64) {
    _ = parser.append(bytes)
    while case let outcome = parser.next(), outcome.isProgress {
      guard case .frame(let frame) = outcome, case .action = Message(frame), asked != 0 else {
        continue
      }
      let latency = time - asked
      asked = 0
      guard warmUp == 0 else {
        warmUp -= 1
        continue
      }
      latencies.append(latency)
      progress.add(1, ordering: .relaxed)
    }
  }
}
