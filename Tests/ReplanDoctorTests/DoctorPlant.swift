import FirmwareSession
import Foundation
import PlantTerminal
import ReplanHIL
import ReplanPlants
import Synchronization

/// A simulated plant on a pseudo-terminal, driven by a thread of its own.
final class DoctorPlant: @unchecked Sendable {
  // SAFETY: the session belongs to the plant's thread once that runs; `isStopped` is atomic.
  private let terminal = Terminal()
  private var session: PlantSession
  private let isStopped = Atomic<Bool>(false)
  private let isArmed = Atomic<Bool>(false)
  private let finished = DispatchSemaphore(value: 0)
  /// The plant's clock runs faster by this factor.
  private let speed: Double

  var path: String { terminal.path }
  var wasLeftArmed: Bool { isArmed.load(ordering: .acquiring) }

  init(_ kind: PlantKind, seed: UInt32 = 1, delay: Int = 0, noise: Float = 1, speed: Double = 1) {
    self.speed = speed
    session = PlantSession(
      FirmwareSession.SessionConfiguration(
        kind: kind, seed: PlantSeed(seed, 0), noiseScale: noise, actuationDelay: delay), at: 0)
    Thread { [self] in
      run()
      terminal.hangUp()
      finished.signal()
    }.start()
  }

  /// Ends the plant's thread; the device is gone after it.
  func stop() {
    isStopped.store(true, ordering: .releasing)
    finished.wait()
    finished.signal()
  }

  func connect(lockstep: Bool) throws -> Session {
    let facts = session.facts
    return try Session(
      path: path, baud: 921_600,
      configuration: ReplanHIL.SessionConfiguration(
        channels: ChannelCounts(observations: facts.observationCount, actions: facts.actionCount),
        clock: lockstep ? .lockstep : .streaming, rate: 50))
  }

  private func run() {
    let boot = DispatchTime.now().uptimeNanoseconds
    var hasHeard = false
    var frames: [[UInt8]] = []
    func emit(_ output: SessionOutput) {
      if case .frame(let bytes) = output { frames.append(Array(bytes)) }
    }
    while !isStopped.load(ordering: .acquiring) {
      let elapsed = Double(DispatchTime.now().uptimeNanoseconds - boot) / 1000
      let now = UInt64(elapsed * speed)
      if !hasHeard { session.lineOpened(at: now) }
      session.advance(to: now, emit: emit)
      let bytes = terminal.read(milliseconds: frames.isEmpty ? 1 : 0)
      if !bytes.isEmpty {
        hasHeard = true
        bytes.withUnsafeBytes { session.receive($0, at: now, emit: emit) }
      }
      // Before the answers: who has read one may look at this.
      isArmed.store(session.isArmed, ordering: .releasing)
      for frame in frames { terminal.write(frame) }
      frames = []
    }
  }
}
