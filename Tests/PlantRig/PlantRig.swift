public import FirmwareSession
import Foundation
import PlantTerminal
import ReplanPlants
public import ReplanWire
import Synchronization

/// What a plant does at one sample, once.
public enum PlantFault: Sendable {
  /// Nothing is read or written for so many periods; what was due comes then, all at once.
  case stall(Int)
  /// The plant stands still for so many periods, its clock with it.
  case pause(Int)
  /// So many samples, this one first, do not get through.
  case lose(Int)
  /// The samples' numbers go on so much higher.
  case jump(UInt32)
  case disarm
  case flag(ObservationFlags)
  /// Nothing is sent any more; what arrives is still obeyed.
  case silence
  /// The plug is pulled.
  case hangUp
}

/// A simulated plant on a pseudo-terminal, driven by a thread of its own, with faults on demand.
public final class PlantRig: @unchecked Sendable {
  // SAFETY: everything but `log` and `isStopped` is touched by the plant's thread only.

  /// What the plant has seen and done, as only its own side knows it.
  public struct Log: Sendable {
    /// Samples taken since the last reset.
    public var samples: [Sample] = []
    /// Every action that arrived, repeated ones included.
    public var actions: [ActionMessage] = []
    public var resets: [CommandLong] = []
    /// Requests to disarm that arrived.
    public var disarms = 0
    public var isArmed = false
  }

  /// What the controller opens.
  public var path: String { terminal.path }
  private let log = Mutex(Log())
  private let isStopped = Atomic<Bool>(false)
  private let finished = DispatchSemaphore(value: 0)
  private let terminal = Terminal()
  private var session: PlantSession
  private var faults: [UInt32: PlantFault]
  private let isSplit: Bool
  private var parser = FrameParser()
  private var hasHeard = false
  private var pausedMicroseconds: UInt64 = 0
  private var lost = 0
  private var jumped: UInt32 = 0
  private var isSilent = false
  private var extraFlags = ObservationFlags()
  private var current: PlantFault?
  private var outgoing: [[UInt8]] = []

  /// - Parameters:
  ///   - faults: by the sample's number; they wait until the plant is armed.
  ///   - isSplit: each frame comes in two pieces, 2 ms apart, as over a slow line.
  public init(
    _ configuration: SessionConfiguration, faults: [UInt32: PlantFault] = [:],
    isSplit: Bool = false
  ) {
    self.faults = faults
    self.isSplit = isSplit
    session = PlantSession(configuration, at: 0)
    Thread { [self] in
      run()
      terminal.hangUp()
      finished.signal()
    }.start()
  }

  /// Ends the plant's thread; the device is gone after it.
  public func stop() {
    isStopped.store(true, ordering: .relaxed)
    finished.wait()
    finished.signal()
  }

  public var seen: Log { log.withLock { $0 } }

  /// Samples since the last reset that were taken while armed.
  public var armedSamples: [Sample] { seen.samples.filter(\.isArmed) }

  private func run() {
    let boot = DispatchTime.now().uptimeNanoseconds / 1000
    while !isStopped.load(ordering: .relaxed) {
      let now = DispatchTime.now().uptimeNanoseconds / 1000 - boot - pausedMicroseconds
      // The first heartbeat at once; one that came before the line was opened is lost.
      if !hasHeard { session.lineOpened(at: now) }
      session.advance(to: now) { take($0) }
      deliver()
      if let fault = current {
        current = nil
        obey(fault, at: now)
      }
      let bytes = terminal.read(milliseconds: 1)
      if bytes.isEmpty { continue }
      hasHeard = true
      note(bytes)
      bytes.withUnsafeBytes { session.receive($0, at: now) { take($0) } }
      deliver()
      log.withLock { $0.isArmed = session.isArmed }
    }
  }

  private func take(_ output: SessionOutput) {
    switch output {
    case .sample(let sample):
      log.withLock {
        if sample.sequence == 0 { $0.samples = [] }
        $0.samples.append(sample)
      }
      guard sample.isArmed, let fault = faults.removeValue(forKey: sample.sequence) else { return }
      switch fault {
      case .lose(let samples): lost = samples
      case .jump(let numbers): jumped = numbers
      case .flag(let flags): extraFlags = flags
      default: current = fault
      }
    case .frame(let bytes):
      if let frame = altered(Array(bytes)), !isSilent { outgoing.append(frame) }
    }
  }

  /// The frame as it goes out; nil if it gets lost.
  private func altered(_ bytes: [UInt8]) -> [UInt8]? {
    guard case .observation(var message)? = PlantRig.messages(bytes).first else { return bytes }
    if lost > 0 {
      lost -= 1
      return nil
    }
    message.sequence &+= jumped
    message.flags.formUnion(extraFlags)
    return [UInt8](unsafeUninitializedCapacity: Frame.maximumLength) { buffer, count in
      count = Message.observation(message).encode(
        sequence: bytes[4], source: .plant, into: UnsafeMutableRawBufferPointer(buffer))
    }
  }

  private func deliver() {
    for frame in outgoing {
      guard isSplit else {
        terminal.write(frame)
        continue
      }
      terminal.write(Array(frame.prefix(20)))
      usleep(2000)
      terminal.write(Array(frame.dropFirst(20)))
    }
    outgoing = []
  }

  private func obey(_ fault: PlantFault, at now: UInt64) {
    let period = 1_000_000 / UInt64(session.sampleRate)
    switch fault {
    case .stall(let periods): usleep(UInt32(periods) * UInt32(period))
    case .pause(let periods):
      usleep(UInt32(periods) * UInt32(period))
      pausedMicroseconds += UInt64(periods) * period
    case .disarm:
      let command = Message.commandLong(CommandLong(.armDisarm, 0, target: .plant))
      let frame = [UInt8](unsafeUninitializedCapacity: Frame.maximumLength) { buffer, count in
        count = command.encode(
          sequence: 0, source: .controller, into: UnsafeMutableRawBufferPointer(buffer))
      }
      frame.withUnsafeBytes { session.receive($0, at: now) { take($0) } }
    case .silence: isSilent = true
    case .hangUp: isStopped.store(true, ordering: .relaxed)
    case .lose, .jump, .flag: break
    }
  }

  private func note(_ bytes: [UInt8]) {
    let messages = PlantRig.messages(bytes, &parser)
    log.withLock { log in
      for message in messages {
        switch message {
        case .action(let action): log.actions.append(action)
        case .commandLong(let command) where command.command == .reset: log.resets.append(command)
        case .commandLong(let command)
        where command.command == .armDisarm && command.parameters[0] == 0:
          log.disarms += 1
        default: break
        }
      }
    }
  }

  private static func messages(_ bytes: [UInt8]) -> [Message] {
    var parser = FrameParser()
    return messages(bytes, &parser)
  }

  private static func messages(_ bytes: [UInt8], _ parser: inout FrameParser) -> [Message] {
    var messages: [Message] = []
    bytes.withUnsafeBytes { all in
      var rest = all
      while !rest.isEmpty {
        rest = parser.append(rest)
        while case let outcome = parser.next(), outcome.isProgress {
          if case .frame(let frame) = outcome { messages.append(Message(frame)) }
        }
      }
    }
    return messages
  }
}
