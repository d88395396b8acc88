import Foundation
import PlantTerminal
import ReplanRealtime
import ReplanSigning
import ReplanWire
import Synchronization

/// A plant on a pseudo-terminal that follows hil/PROTOCOL.md, with a thread of its own, until told
/// otherwise by its script.
///
/// Its observation is [sequence, first value of the action in force, number of the reset].
final class ScriptedPlant: @unchecked Sendable {
  // SAFETY: everything but `shared` is touched by the plant's thread only.
  struct Shared {
    var script: Script
    var commands: [CommandLong] = []
    var actions: [UInt32] = []
    var heartbeats = 0
    var isArmed = false
    var isStopped = false
  }

  let path: String
  let shared: Mutex<Shared>
  private let terminal = Terminal()
  private var parser = FrameParser()
  private let signer: FrameSigner?
  private var filter: FrameFilter?
  private var frameSequence: UInt8 = 0
  var isLockstep = false
  var rate: Float
  var sample: UInt32 = 0
  var resets: Float = 0
  var resettingSamples = 0
  var lastAction: ActionMessage?
  var lastAnswer: Message?
  private let finished = DispatchSemaphore(value: 0)

  init(_ script: Script = Script()) {
    shared = Mutex(Shared(script: script))
    rate = script.rate
    let time = SigningTime()
    signer = script.key.map { FrameSigner($0, time) }
    filter = if let key = script.key { FrameFilter(FrameVerifier(key, time)) } else { nil }
    path = terminal.path
    Thread { [self] in
      run()
      terminal.hangUp()
      finished.signal()
    }.start()
  }

  /// Ends the plant's thread; the device is gone after it.
  func stop() {
    shared.withLock { $0.isStopped = true }
    finished.wait()
  }

  var script: Script { shared.withLock { $0.script } }

  private func run() {
    var nextHeartbeat = 0.0
    var nextSample = 0.0
    while !shared.withLock({ $0.isStopped }) {
      let now = ProcessInfo.processInfo.systemUptime
      if now >= nextHeartbeat {
        nextHeartbeat = now + 0.1
        beat()
      }
      if !isLockstep && now >= nextSample {
        nextSample = max(nextSample + 1 / Double(rate), now)
        stream()
      }
      take(terminal.read(milliseconds: 1))
    }
  }

  private func beat() {
    let script = script
    if script.makesNoise { terminal.write((0..<50).map { UInt8(truncatingIfNeeded: $0 &* 37) }) }
    if script.speaksVersion1 {
      terminal.write([
        0xFE, 0x09, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0x08, 0, 0x04, 0x03, 0x6A, 0x5B,
      ])
    }
    if script.isSilent { return }
    var heartbeat = Heartbeat.plant(armed: false)
    heartbeat.mavlinkVersion = script.heartbeatVersion
    send(.heartbeat(heartbeat))
  }

  func send(_ message: Message) {
    if script.garbles { terminal.write([0xFD, 0x20, 0x00, 0xFE, 0x55]) }
    let bytes = [UInt8](unsafeUninitializedCapacity: 280) { buffer, count in
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      count = message.encode(
        sequence: frameSequence, source: .plant, into: bytes, leavingRoomToSign: signer != nil)
      signer?.sign(UnsafeMutableRawBufferPointer(rebasing: bytes[..<count]))
    }
    frameSequence &+= 1
    terminal.write(bytes)
    if script.replays { terminal.write(bytes) }
  }

  private func take(_ bytes: [UInt8]) {
    guard filter != nil else { return bytes.withUnsafeBytes { parse($0) } }
    var verified: [UInt8] = []
    bytes.withUnsafeBytes { filter!.take($0) { verified += $0 } }
    verified.withUnsafeBytes { parse($0) }
  }

  private func parse(_ bytes: UnsafeRawBufferPointer) {
    do {
      var rest = bytes
      while !rest.isEmpty {
        rest = parser.append(rest)
        while case let outcome = parser.next(), outcome.isProgress {
          if case .frame(let frame) = outcome { take(Message(frame)) }
        }
      }
    }
  }

  private func take(_ message: Message) {
    switch message {
    case .heartbeat: shared.withLock { $0.heartbeats += 1 }
    case .timesync(let timesync):
      let now = MonotonicClock.nanoseconds &+ script.clockOffset
      send(.timesync(Timesync(tc1: now, ts1: timesync.ts1, target: .controller)))
    case .commandLong(let command): obey(command)
    case .action(let action): apply(action)
    default: break
    }
  }
}
