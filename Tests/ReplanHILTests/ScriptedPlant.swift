import Foundation
import PlantTerminal
import ReplanSigning
import ReplanWire
import Synchronization

/// How a scripted plant deviates from one that does everything right.
struct Script: Sendable {
  var observations: UInt8 = 3
  var actions: UInt8 = 1
  var rate: Float = 200
  var isSilent = false
  var makesNoise = false
  var speaksVersion1 = false
  var heartbeatVersion: UInt8 = 3
  /// Commands that are not answered, by the number of times.
  var ignored: [UInt16: Int] = [:]
  var results: [UInt16: [CommandResult]] = [:]
  /// Whether the rate of the clock command is taken over.
  var keepsRate = false
  /// Samples that carry the flag before a reset is done.
  var resettingSamples = 0
  /// Resets after which sample 0 does not get through.
  var lostFirstSamples = 0
  /// Actions, by sequence, whose first answer does not get through.
  var lostAnswers: Set<UInt32> = []
  /// Samples, by sequence, with a value that is not a number, and with a wrong count.
  var notFinite: Set<UInt32> = []
  var wrongCount: Set<UInt32> = []
  /// The action, by sequence, at which the plug is pulled.
  var vanishesAtAction: UInt32?
  var vanishesAtCommand: UInt16?
  /// Plant clock minus that of the controller, ns.
  var clockOffset: Int64 = 0
  /// What the plant signs with, and whether it sends each frame twice, as somebody who replays does.
  var key: SigningKey?
  var replays = false
  /// Noise before each frame.
  var garbles = false
}

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
  private var isLockstep = false
  private var rate: Float
  private var sample: UInt32 = 0
  private var resets: Float = 0
  private var resettingSamples = 0
  private var lastAction: ActionMessage?
  private var lastAnswer: Message?
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

  private var script: Script { shared.withLock { $0.script } }

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
      let now = Int64(monotonicNanoseconds()) &+ script.clockOffset
      send(.timesync(Timesync(tc1: now, ts1: timesync.ts1, target: .controller)))
    case .commandLong(let command): obey(command)
    case .action(let action): apply(action)
    default: break
    }
  }

  private func monotonicNanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}

extension ScriptedPlant {
  private func obey(_ command: CommandLong) {
    let number = command.command.rawValue
    let (result, isIgnored, vanishes) = shared.withLock { shared in
      shared.commands.append(command)
      let ignored = shared.script.ignored[number, default: 0]
      if ignored > 0 { shared.script.ignored[number] = ignored - 1 }
      var result = CommandResult.accepted
      if ignored == 0, let results = shared.script.results[number], !results.isEmpty {
        result = results[0]
        shared.script.results[number] = Array(results.dropFirst())
      }
      return (result, ignored > 0, shared.script.vanishesAtCommand == number)
    }
    if vanishes { return shared.withLock { $0.isStopped = true } }
    if isIgnored { return }
    send(.commandAck(CommandAck(command.command, result, target: .controller)))
    if result == .inProgress {
      send(.commandAck(CommandAck(command.command, .accepted, target: .controller)))
    } else if result != .accepted {
      return
    }
    act(on: command)
  }

  private func act(on command: CommandLong) {
    switch command.command {
    case .requestMessage: describe()
    case .armDisarm: shared.withLock { $0.isArmed = command.parameters[0] == 1 }
    case .clock:
      isLockstep = command.parameters[0] == 1
      if command.parameters[1] > 0 && !script.keepsRate { rate = command.parameters[1] }
    case .reset:
      sample = 0
      resets += 1
      lastAction = nil
      resettingSamples = script.resettingSamples
      if isLockstep { observe() }
    default: break
    }
  }

  private func describe() {
    var name = InlineArray<32, UInt8>(repeating: 0)
    for (i, byte) in "scripted".utf8.enumerated() { name[i] = byte }
    send(
      .plantDescription(
        PlantDescription(
          capabilities: [.streaming, .lockstep, .reset], sampleRate: rate, actionTimeout: 100,
          observationCount: script.observations, actionCount: script.actions, name: name)))
  }

  private func apply(_ action: ActionMessage) {
    let (vanishes, isLost) = shared.withLock { shared in
      shared.actions.append(action.sequence)
      return (
        shared.script.vanishesAtAction == action.sequence,
        shared.script.lostAnswers.remove(action.sequence) != nil
      )
    }
    if vanishes { return shared.withLock { $0.isStopped = true } }
    guard isLockstep else {
      lastAction = action
      return
    }
    if lastAction?.sequence == action.sequence, let lastAnswer { return send(lastAnswer) }
    lastAction = action
    observe(isLost: isLost)
  }

  private func stream() {
    if script.isSilent { return }
    observe()
  }

  private func observe(isLost: Bool = false) {
    let script = script
    var flags = ObservationFlags()
    if shared.withLock({ $0.isArmed }) { flags.insert(.armed) }
    if resettingSamples > 0 { flags.insert(.resetting) }
    var values = InlineArray<32, Float>(repeating: 0)
    values[0] = Float(sample)
    values[1] = lastAction?.values[0] ?? 0
    values[2] = resets
    if script.notFinite.contains(sample) { values[1] = .nan }
    let answer = Message.observation(
      ObservationMessage(
        timeMicroseconds: UInt64(sample) * 5000, sequence: sample,
        actionSequence: lastAction?.sequence ?? 0, flags: flags,
        count: script.observations + (script.wrongCount.contains(sample) ? 1 : 0), values: values))
    lastAnswer = answer
    let isLostFirst =
      sample == 0 && resettingSamples == 0 && resets > 0
      && shared.withLock { shared in
        guard shared.script.lostFirstSamples > 0 else { return false }
        shared.script.lostFirstSamples -= 1
        return true
      }
    if !isLost && !isLostFirst { send(answer) }
    if resettingSamples > 0 { resettingSamples -= 1 } else { sample &+= 1 }
  }
}
