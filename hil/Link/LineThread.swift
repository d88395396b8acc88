import CSerialPort
import Glibc
import ReplanRealtime
import ReplanSigning
import ReplanWire
import Synchronization

/// The thread of a signed line.
final class LineThread: Sendable {
  private let thread: Mutex<RealtimeThread<Void>?>
  /// What the thread asked for and could not have.
  let report: RealtimeReport

  init(
    _ signing: LineSigning, _ shared: SignedLineState, descriptor: Int32, path: String
  ) throws(HILError) {
    let options = ThreadOptions(name: "line", priority: signing.priority, stackBytes: 1 << 18)
    do {
      let started = try RealtimeThread.start(options) { _ in
        var work = LineWork(signing, shared, descriptor: descriptor)
        work.run()
      }
      report = RealtimeReport(
        started.report.shortfalls.map { shortfall in
          var named = shortfall
          named.what += " of the thread that signs"
          return named
        })
      thread = Mutex(started)
    } catch {
      throw .notAPort(path: path, reason: "no thread for its signatures: \(error)")
    }
  }

  func join() { thread.withLock { $0.take()?.join() } }
}

/// What the thread of a signed line does; it owns the port meanwhile.
private struct LineWork: ~Copyable {
  private let shared: SignedLineState
  private let descriptor: Int32
  private let signer: FrameSigner
  private var filter: FrameFilter
  private var bytesIn: UInt64 = 0
  private var bytesOut: UInt64 = 0
  private var framesOut: UInt32 = 0
  // SAFETY: both are used by this thread only, within their lengths, and freed with their only owner.
  private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 512, alignment: 8)
  private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 1024, alignment: 8)
  /// The part of `output` that the system has not taken yet.
  private var unsent = 0..<0

  init(_ signing: LineSigning, _ shared: SignedLineState, descriptor: Int32) {
    self.shared = shared
    self.descriptor = descriptor
    signer = signing.signer
    filter = FrameFilter(FrameVerifier(signing.key, signing.time))
  }

  deinit {
    input.deallocate()
    output.deallocate()
  }

  mutating func run() {
    while true {
      let isLast = shared.isStopping.load(ordering: .acquiring)
      send()
      receive()
      if isLast || shared.end != nil { return }
      wait()
    }
  }

  /// Signs and writes until there is nothing left, or the port takes no more.
  private mutating func send() {
    while shared.end == nil {
      if unsent.isEmpty {
        guard let count = shared.outgoing.pop(into: output) else { break }
        signer.sign(UnsafeMutableRawBufferPointer(rebasing: output[..<count]))
        unsent = 0..<count
      }
      let rest = UnsafeRawBufferPointer(rebasing: output[unsent])
      switch SerialPort.write(rest, to: descriptor) {
      case .bytes(let count):
        unsent = unsent.lowerBound + count..<unsent.upperBound
        bytesOut &+= UInt64(count)
        if unsent.isEmpty { framesOut &+= 1 }
      case .wouldBlock:
        shared.isBlocked.store(true, ordering: .relaxed)
        return
      case .gone(let reason): shared.end(reason)
      }
    }
    shared.isBlocked.store(false, ordering: .relaxed)
  }

  /// Reads and verifies until there is nothing left, or nobody takes it.
  private mutating func receive() {
    var hasAny = false
    reading: while shared.end == nil && hasRoom {
      switch SerialPort.read(descriptor, into: input) {
      case .bytes(let count):
        bytesIn &+= UInt64(count)
        filter.take(UnsafeRawBufferPointer(rebasing: input[..<count])) { [shared] frame in
          // What one read completes fits: there is room for more than that.
          if shared.incoming.push(frame) { hasAny = true }
        }
      case .wouldBlock: break reading
      case .gone(let reason): shared.end(reason)
      }
    }
    var figures = SignedLineFigures(frames: filter.counters, refused: filter.refused)
    figures.hasHeardVersion1 = filter.hasHeardVersion1
    figures.bytesIn = bytesIn
    figures.bytesOut = bytesOut
    figures.framesOut = framesOut
    shared.figures.store(figures)
    if hasAny { shared.readerEvent.signal() }
  }

  /// Room for all frames that one read may complete: at least 25 bytes each, with 2 more in the ring.
  private var hasRoom: Bool { shared.incoming.room >= 1024 }

  private func wait() {
    shared.isStalled.store(!hasRoom, ordering: .sequentiallyConsistent)
    // Looked at again: the reader may have made room before it could see that somebody waits.
    let listens = hasRoom
    if listens { shared.isStalled.store(false, ordering: .relaxed) }
    var events = listens ? Int16(POLLIN) : 0
    if !unsent.isEmpty { events |= Int16(POLLOUT) }
    var watched: (pollfd, pollfd) = (
      // Left out, rather than asked for nothing: its hang-up would wake at once, always.
      pollfd(fd: events == 0 ? -1 : descriptor, events: events, revents: 0),
      pollfd(fd: shared.workerEvent.descriptor, events: Int16(POLLIN), revents: 0)
    )
    // SAFETY: a tuple of two of the same type lies in memory as an array of two.
    let count = withUnsafeMutableBytes(of: &watched) {
      ppoll($0.assumingMemoryBound(to: pollfd.self).baseAddress, 2, nil, nil)
    }
    if count > 0 && watched.1.revents != 0 { shared.workerEvent.clear() }
  }
}
