import ReplanNumerics
import ReplanWire

/// What the faults of a schedule do to the bytes of one direction.
///
/// Bytes go in with `put` at the moment they are sent and come out of `take` when they arrive:
/// ```
/// line.put(bytes, at: time)
/// while line.take(at: time, { deliver($0) }) {}
/// ```
/// Frames suffer the faults; what lies between frames passes as it is, in its place. What happens to
/// a frame depends on the seed, the reset, and how many frames came before it since, so that runs
/// repeat; heartbeats and answers, which come by the clock, are counted apart from observations and
/// actions. Nothing overtakes but what a `reorder` swaps: a line keeps the order.
///
/// - Timing: linear in the bytes; no allocation or lock after `init`.
public final class LineFaults {
  /// What was done so far.
  public struct Counters: Sendable, Equatable {
    public var frames = 0
    public var lost = 0
    public var flipped = 0
    public var duplicated = 0
    public var reordered = 0
    public var delayed = 0
    public var truncated = 0
    public var garbageBytes = 0
    public var stalls = 0
    /// Bytes were too many to wait: the oldest pieces were dropped.
    public var overflowed = 0
  }

  private let faults: ContiguousArray<LineFault>
  private var stalls: ContiguousArray<Outage>
  private let hasReorder: Bool
  /// The streams of the direction: frames that come by the sample, and others.
  private let streams: (FaultStream, FaultStream)
  private var splitter = FrameSplitter()
  private var queue = FrameQueue()
  /// A frame that waits for the next one to pass it, of either sort.
  private var held: (HeldFrame, HeldFrame) = (HeldFrame(), HeldFrame())
  private var numbers: (UInt32, UInt32) = (0, 0)
  private var reset: UInt32 = 0
  private var tallies = Counters()
  /// How often each fault of the schedule has acted in this direction, by its place in the list: on how
  /// many frames, and how many stalls there were.
  public private(set) var acted: ContiguousArray<Int>
  private let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 288, alignment: 8)

  /// - Precondition: `direction` is one of the two, not both.
  public init(_ schedule: FaultSchedule, _ direction: FaultDirection) {
    precondition(direction != .both, "a line has two directions, each its own faults")
    let mine = schedule.faults.indices.filter {
      let fault = schedule.faults[$0]
      return fault.kind.place == .line && (fault.direction == .both || fault.direction == direction)
    }
    faults = ContiguousArray(
      mine.compactMap { LineFault(schedule.faults[$0].kind, schedule.timing(of: $0)) })
    stalls = ContiguousArray(
      mine.filter { schedule.faults[$0].kind == .stall }
        .map { Outage(schedule.timing(of: $0), endsDisarmed: true) })
    acted = ContiguousArray(repeating: 0, count: schedule.faults.count)
    hasReorder = faults.contains { $0.effect == .reorder }
    streams =
      direction == .toPlant
      ? (.framesToPlant, .otherFramesToPlant) : (.framesToController, .otherFramesToController)
  }

  deinit {
    splitter.deallocate()
    queue.deallocate()
    held.0.deallocate()
    held.1.deallocate()
    scratch.deallocate()
  }

  public var counters: Counters {
    var all = tallies
    all.overflowed = queue.dropped
    return all
  }

  /// Whether nothing passes now.
  public var isStalled: Bool {
    for stall in stalls where stall.isUnderWay { return true }
    return false
  }

  /// When there is something to do at the latest, µs; `nil`: not before more bytes come.
  public var nextDue: UInt64? {
    guard isStalled else { return queue.nextDue }
    var due: UInt64?
    for stall in stalls {
      if let end = stall.end { due = min(due ?? end, end) }
    }
    return due
  }

  /// Forgets what is on the way, as when the cable is pulled.
  public func discard() {
    splitter.discard()
    queue.discard()
    held.0.count = 0
    held.1.count = 0
  }

  /// Takes bytes that were sent, in pieces of any size.
  public func put(_ bytes: UnsafeRawBufferPointer, at time: FaultTime) {
    if time.reset != reset {
      reset = time.reset
      numbers = (0, 0)
    }
    var rest = bytes
    repeat {
      rest = splitter.append(rest)
      while let piece = splitter.next() { pass(piece, at: time) }
    } while !rest.isEmpty
  }

  /// Gives the next bytes that have arrived, at most a frame.
  ///
  /// - Returns: false if there were none.
  public func take(at time: FaultTime, _ deliver: (UnsafeRawBufferPointer) -> Void) -> Bool {
    for i in stalls.indices {
      while let change = stalls[i].change(at: time) {
        if change == .ends { continue }
        tallies.stalls += 1
        acted[stalls[i].index] += 1
      }
    }
    if isStalled { return false }
    releaseWhenOver(at: time)
    guard let due = queue.nextDue, due <= time.microseconds else { return false }
    deliver(queue.front)
    queue.removeFirst()
    return true
  }

  /// What waited for a next frame waits no more when frames are no longer swapped.
  private func releaseWhenOver(at time: FaultTime) {
    guard hasReorder, held.0.count + held.1.count > 0 else { return }
    for fault in faults where fault.effect == .reorder {
      if fault.timing.interval(at: time) != nil { return }
    }
    release(&held.0, due: time.microseconds)
    release(&held.1, due: time.microseconds)
  }

  private func release(_ frame: inout HeldFrame, due: UInt64) {
    guard frame.count > 0 else { return }
    queue.append(frame.bytes, due: due)
    frame.count = 0
    tallies.reordered += 1
  }

  private func pass(_ piece: FrameSplitter.Piece, at time: FaultTime) {
    guard let message = piece.message else {
      queue.append(piece.bytes, due: time.microseconds)
      return
    }
    tallies.frames += 1
    let isSample = message == .observation || message == .action
    if isSample {
      suffer(piece.bytes, number: numbers.0, stream: streams.0, &held.0, at: time)
      numbers.0 &+= 1
    } else {
      suffer(piece.bytes, number: numbers.1, stream: streams.1, &held.1, at: time)
      numbers.1 &+= 1
    }
  }

  /// Draws what happens to one frame, and does it.
  private func suffer(
    _ frame: UnsafeRawBufferPointer, number: UInt32, stream: FaultStream,
    _ held: inout HeldFrame, at time: FaultTime
  ) {
    var fate = FrameFate(length: frame.count)
    for fault in faults {
      guard fault.timing.interval(at: time) != nil else { continue }
      let words = fault.timing.draw(number, stream: stream, reset: time.reset)
      guard fault.timing.happens(words.x) else { continue }
      fate.add(fault, words)
      acted[Int(fault.timing.index)] += 1
    }
    if fate.isLost {
      tallies.lost += 1
      return
    }
    let due = time.microseconds &+ fate.delay
    if fate.delay > 0 { tallies.delayed += 1 }
    if fate.garbage > 0 { addGarbage(fate, due) }
    for i in 0..<fate.length { scratch[i] = frame[i] }
    if fate.length < frame.count { tallies.truncated += 1 }
    if let bit = fate.flippedBit, bit / 8 < fate.length {
      scratch[bit / 8] ^= 1 << UInt8(bit % 8)
      tallies.flipped += 1
    }
    let bytes = UnsafeRawBufferPointer(rebasing: scratch[0..<fate.length])
    if fate.swaps && held.count == 0 {
      held.store(bytes)
      return
    }
    queue.append(bytes, due: due)
    if fate.isDuplicated {
      tallies.duplicated += 1
      queue.append(bytes, due: due)
    }
    release(&held, due: due)
  }

  private func addGarbage(_ fate: FrameFate, _ due: UInt64) {
    var words = fate.garbageGenerator
    for i in 0..<fate.garbage {
      // A word for each byte: no pattern of four, and nobody waits for it.
      scratch[i] = UInt8(truncatingIfNeeded: words.next().x)
    }
    queue.append(UnsafeRawBufferPointer(rebasing: scratch[0..<fate.garbage]), due: due)
    tallies.garbageBytes += fate.garbage
  }
}
