import FirmwareSession
import Glibc
import ReplanFaults

/// Wakes for input and for the session's times, and for nothing else.
///
/// Physics are caught up when it wakes: an action takes effect in simulated time when it arrived in
/// real time. Wake-ups are computed from absolute times of the monotonic clock, so that the sample
/// rate does not drift.
struct SimulationLoop {
  var session: PlantSession
  let terminal: PseudoTerminal
  let log: SampleLog?
  let signing: PlantSigning?
  private let faults: FaultInjection?
  private let endsWithInput: Bool
  private let boot: UInt64
  /// Whether each fault is told when it begins and ends, by `report`.
  let isVerbose: Bool
  let report: (String) -> Void
  /// The faults that were active when they were told last.
  var told: [String] = []
  /// Frames for which the reader had left no room.
  private(set) var droppedFrames = 0

  /// While the line is closed, how often to look whether it was opened, in µs.
  private static let openCheckPeriod: UInt64 = 20_000

  init(
    session: PlantSession, terminal: PseudoTerminal, log: SampleLog?, faults: FaultInjection?,
    signing: PlantSigning?, endsWithInput: Bool, verbose: Bool, report: @escaping (String) -> Void
  ) {
    self.session = session
    self.terminal = terminal
    self.log = log
    self.faults = faults
    self.signing = signing
    self.endsWithInput = endsWithInput
    isVerbose = verbose
    self.report = verbose ? report : { _ in }
    boot = SimulationLoop.monotonicMicroseconds()
  }

  /// Returns when a signal or the end of standard input asks for it.
  ///
  /// - Throws: what keeps a cable that was out from being plugged in again.
  mutating func run() throws(HostError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 512, alignment: 16)
    defer { buffer.deallocate() }
    while !Termination.isRequested {
      if !terminal.isOpen { checkLine() }
      if let faults { try advance(faults) } else { advance() }
      guard let hasInput = wait() else { return }
      guard hasInput else { continue }
      guard let bytes = terminal.read(into: buffer) else {
        terminal.hungUp()
        faults?.toController.discard()
        continue
      }
      if let faults { try receive(bytes, faults) } else { receive(bytes) }
    }
  }

  var now: UInt64 { SimulationLoop.monotonicMicroseconds() - boot }

  private static func monotonicMicroseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
  }

  private mutating func checkLine() {
    terminal.updateIsOpen()
    guard terminal.isOpen else { return }
    signing?.discard()
    session.lineOpened(at: faults?.plantTime(at: now) ?? now)
  }

  private mutating func advance() {
    var dropped = 0
    session.advance(to: now) { SimulationLoop.hand($0, terminal, log, signing, &dropped) }
    droppedFrames += dropped
  }

  private mutating func receive(_ bytes: UnsafeRawBufferPointer) {
    var dropped = 0
    SimulationLoop.verify(bytes, signing) { bytes in
      session.receive(bytes, at: now) {
        SimulationLoop.hand($0, terminal, log, signing, &dropped)
      }
    }
    droppedFrames += dropped
  }

  /// A closed line loses frames by nature; only a slow reader is worth counting.
  mutating func send(_ bytes: UnsafeRawBufferPointer) {
    if terminal.isOpen && !terminal.send(bytes) { droppedFrames += 1 }
  }

  private static func hand(
    _ output: SessionOutput, _ terminal: PseudoTerminal, _ log: SampleLog?,
    _ signing: PlantSigning?, _ dropped: inout Int
  ) {
    switch output {
    case .frame(let bytes):
      guard terminal.isOpen else { return }
      sign(bytes, signing) { if !terminal.send($0) { dropped += 1 } }
    case .sample(let sample):
      log?.write(sample)
    }
  }

  /// Sleeps until there is input, the session wants to be woken, or a signal.
  ///
  /// - Returns: whether the line can be read; `nil` at the end of standard input.
  private func wait() -> Bool? {
    var wakeUp = faults?.wakeUp(session.nextWakeUp) ?? session.nextWakeUp
    let time = now
    if !terminal.isOpen { wakeUp = min(wakeUp, time + SimulationLoop.openCheckPeriod) }
    // A fault without an end leaves nothing to wake for; the limit is but a number that fits.
    let microseconds = wakeUp > time ? Int(min(wakeUp - time, 3_600_000_000)) : 0
    var timeout = timespec(
      tv_sec: microseconds / 1_000_000, tv_nsec: microseconds % 1_000_000 * 1000)
    var watched = DescriptorSet()
    // A line that is hung up would wake at once, always.
    if terminal.isOpen { watched.insert(terminal.master) }
    if endsWithInput { watched.insert(STDIN_FILENO) }
    var mask = Termination.maskWhileWaiting
    guard pselect(terminal.master + 1, &watched.bits, nil, nil, &timeout, &mask) > 0 else {
      return false
    }
    if watched.contains(STDIN_FILENO) && inputEnded() { return nil }
    return terminal.isOpen && watched.contains(terminal.master)
  }

  private func inputEnded() -> Bool {
    var ignored: (UInt64, UInt64) = (0, 0)
    return withUnsafeMutableBytes(of: &ignored) {
      read(STDIN_FILENO, $0.baseAddress, $0.count) <= 0
    }
  }
}

/// What `pselect` waits for; its C macros are not visible to Swift.
private struct DescriptorSet {
  var bits = fd_set()

  mutating func insert(_ descriptor: Int32) {
    // SAFETY: the set has 1024 bits, and a process that just started opens few descriptors.
    withUnsafeMutableBytes(of: &bits) {
      $0[Int(descriptor) / 8] |= 1 << UInt8(descriptor % 8)
    }
  }

  func contains(_ descriptor: Int32) -> Bool {
    withUnsafeBytes(of: bits) { $0[Int(descriptor) / 8] & 1 << UInt8(descriptor % 8) != 0 }
  }
}
