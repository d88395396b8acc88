import FirmwareSession
import Glibc

/// Wakes for input and for the session's times, and for nothing else.
///
/// Physics are caught up when it wakes: an action takes effect in simulated time when it arrived in
/// real time. Wake-ups are computed from absolute times of the monotonic clock, so that the sample
/// rate does not drift.
struct SimulationLoop {
  private var session: PlantSession
  private let terminal: PseudoTerminal
  private let log: SampleLog?
  private let endsWithInput: Bool
  private let boot: UInt64
  /// Frames for which the reader had left no room.
  private(set) var droppedFrames = 0

  /// While the line is closed, how often to look whether it was opened, in µs.
  private static let openCheckPeriod: UInt64 = 20_000

  init(session: PlantSession, terminal: PseudoTerminal, log: SampleLog?, endsWithInput: Bool) {
    self.session = session
    self.terminal = terminal
    self.log = log
    self.endsWithInput = endsWithInput
    boot = SimulationLoop.monotonicMicroseconds()
  }

  /// Returns when a signal or the end of standard input asks for it.
  mutating func run() {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 512, alignment: 16)
    defer { buffer.deallocate() }
    while !Termination.isRequested {
      if !terminal.isOpen { checkLine() }
      advance()
      guard let hasInput = wait() else { return }
      guard hasInput else { continue }
      if let bytes = terminal.read(into: buffer) { receive(bytes) } else { terminal.hungUp() }
    }
  }

  private var now: UInt64 { SimulationLoop.monotonicMicroseconds() - boot }

  private static func monotonicMicroseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
  }

  private mutating func checkLine() {
    terminal.updateIsOpen()
    if terminal.isOpen { session.lineOpened(at: now) }
  }

  private mutating func advance() {
    var dropped = 0
    session.advance(to: now) { SimulationLoop.hand($0, terminal, log, &dropped) }
    droppedFrames += dropped
  }

  private mutating func receive(_ bytes: UnsafeRawBufferPointer) {
    var dropped = 0
    session.receive(bytes, at: now) { SimulationLoop.hand($0, terminal, log, &dropped) }
    droppedFrames += dropped
  }

  private static func hand(
    _ output: SessionOutput, _ terminal: PseudoTerminal, _ log: SampleLog?, _ dropped: inout Int
  ) {
    switch output {
    case .frame(let bytes):
      // A closed line loses frames by nature; only a slow reader is worth counting.
      if terminal.isOpen && !terminal.send(bytes) { dropped += 1 }
    case .sample(let sample):
      log?.write(sample)
    }
  }

  /// Sleeps until there is input, the session wants to be woken, or a signal.
  ///
  /// - Returns: whether the line can be read; `nil` at the end of standard input.
  private func wait() -> Bool? {
    var wakeUp = session.nextWakeUp
    let time = now
    if !terminal.isOpen { wakeUp = min(wakeUp, time + SimulationLoop.openCheckPeriod) }
    let microseconds = wakeUp > time ? Int(wakeUp - time) : 0
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
    return watched.contains(terminal.master)
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
