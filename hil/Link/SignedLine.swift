import CSerialPort
import Glibc
import ReplanRealtime
import ReplanSigning
import ReplanWire
import Synchronization

/// A port whose frames are signed and verified, by a thread that does nothing else.
///
/// Hashing allocates, and the control thread must not. So while a key is set this thread owns the
/// port: verified frames come from it through one ring, frames to be signed go to it through another.
/// It offers what a port does; as there, nothing here waits, allocates or locks but `init`, `wait` and
/// `stop`.
final class SignedLine: Sendable {
  private let shared: SignedLineState
  private let worker: LineThread

  init(
    _ signing: LineSigning, descriptor: Int32, path: String
  ) throws(HILError) {
    shared = try SignedLineState(path: path)
    worker = try LineThread(signing, shared, descriptor: descriptor, path: path)
  }

  /// Sends what is left and gives the port back.
  func stop() {
    shared.isStopping.store(true, ordering: .releasing)
    shared.workerEvent.signal()
    worker.join()
  }

  /// The bytes of one verified frame, if there is one.
  func read(into bytes: UnsafeMutableRawBufferPointer) -> SerialPort.Transfer {
    // Asked before the ring is: what came before the end is still given.
    let end = shared.end
    if let count = shared.incoming.pop(into: bytes) {
      if shared.isStalled.exchange(false, ordering: .sequentiallyConsistent) {
        shared.workerEvent.signal()
      }
      return .bytes(count)
    }
    return end.map { .gone($0) } ?? .wouldBlock
  }

  /// Hands over a frame, or other bytes, to be sent.
  func write(_ bytes: UnsafeRawBufferPointer) -> SerialPort.Transfer {
    if let end = shared.end { return .gone(end) }
    // What the port would not take must not grow stale here: it is for the sender to decide.
    guard !shared.isBlocked.load(ordering: .relaxed), shared.outgoing.push(bytes) else {
      return .wouldBlock
    }
    shared.workerEvent.signal()
    return .bytes(bytes.count)
  }

  /// As the port's: until there is something to read or the device is gone.
  func wait(nanoseconds: Int64) -> Bool {
    let deadline = MonotonicClock.nanoseconds &+ nanoseconds
    var left = max(0, nanoseconds)
    while true {
      if !shared.incoming.isEmpty || shared.end != nil { return true }
      var watched = pollfd(
        fd: shared.readerEvent.descriptor, events: Int16(POLLIN), revents: 0)
      var limit = timespec(tv_sec: Int(left / 1_000_000_000), tv_nsec: Int(left % 1_000_000_000))
      guard ppoll(&watched, 1, &limit, nil) > 0 else { return false }
      // The event may be that of frames that were read without a wait.
      shared.readerEvent.clear()
      let now = MonotonicClock.nanoseconds
      left = deadline > now ? deadline &- now : 0
    }
  }

  var figures: SignedLineFigures { shared.figures.load() }

  var report: RealtimeReport { worker.report }
}

/// What the two threads of a signed line share.
final class SignedLineState: Sendable {
  /// Room for some hundred samples, as the system's own buffer of a port has.
  let incoming = FrameRing(capacity: 16384)
  /// Room for what is sent at once, and no more: an action that waits grows stale.
  let outgoing = FrameRing(capacity: 1024)
  let readerEvent: WakeEvent
  let workerEvent: WakeEvent
  let figures = SharedFigures()
  /// The worker waits for room in `incoming`.
  let isStalled = Atomic<Bool>(false)
  /// The port takes no more for now.
  let isBlocked = Atomic<Bool>(false)
  let isStopping = Atomic<Bool>(false)
  private let ended = Atomic<Int>(-1)

  init(path: String) throws(HILError) {
    readerEvent = try WakeEvent(named: path)
    workerEvent = try WakeEvent(named: path)
  }

  /// The system's number for what ended the line.
  var end: Int32? {
    let number = ended.load(ordering: .acquiring)
    return number < 0 ? nil : Int32(truncatingIfNeeded: number)
  }

  func end(_ number: Int32) {
    ended.store(Int(number), ordering: .releasing)
    readerEvent.signal()
  }
}
