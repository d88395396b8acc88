import Synchronization

/// A queue of frames, or other short runs of bytes, from one thread to one other, without locks.
///
/// Each is kept whole, behind two bytes with its length; what has no room is not taken.
///
/// ReplanRealtime's `SpscRing` would give each the room of the longest, 280 bytes where an observation
/// has 60, and counts as dropped what does not fit; here the sender decides about that, and the reader
/// of the port asks for `room` first.
///
/// - Source: L. Lamport, "Proving the correctness of multiprocess programs", 1977.
final class FrameRing: @unchecked Sendable {
  // SAFETY: unchecked, because `head` is written by the consumer only and `tail` by the producer only;
  // the bytes between them belong to the consumer, the others to the producer.
  private let bytes: UnsafeMutableRawBufferPointer
  private let mask: Int
  private let head = Atomic<Int>(0)
  private let tail = Atomic<Int>(0)

  /// - Precondition: the capacity, in bytes, is a power of two.
  init(capacity: Int) {
    precondition(capacity > 0 && capacity & (capacity - 1) == 0)
    bytes = .allocate(byteCount: capacity, alignment: 8)
    mask = capacity - 1
  }

  deinit { bytes.deallocate() }

  var isEmpty: Bool { head.load(ordering: .acquiring) == tail.load(ordering: .acquiring) }

  /// Bytes of a run for which there is room.
  var room: Int {
    mask &+ 1 &- (tail.load(ordering: .acquiring) &- head.load(ordering: .acquiring)) &- 2
  }

  /// For the producer: takes all of the bytes or none.
  func push(_ new: UnsafeRawBufferPointer) -> Bool {
    guard new.count <= room, new.count <= 0xFFFF else { return false }
    let end = tail.load(ordering: .relaxed)
    bytes[end & mask] = UInt8(truncatingIfNeeded: new.count)
    bytes[(end &+ 1) & mask] = UInt8(truncatingIfNeeded: new.count &>> 8)
    for i in 0..<new.count { bytes[(end &+ 2 &+ i) & mask] = new[i] }
    tail.store(end &+ 2 &+ new.count, ordering: .releasing)
    return true
  }

  /// For the consumer: the oldest run.
  ///
  /// - Precondition: `copy` holds any that was pushed.
  /// - Returns: its number of bytes; `nil` if there is none.
  func pop(into copy: UnsafeMutableRawBufferPointer) -> Int? {
    let start = head.load(ordering: .relaxed)
    guard start != tail.load(ordering: .acquiring) else { return nil }
    let count = Int(bytes[start & mask]) | Int(bytes[(start &+ 1) & mask]) &<< 8
    precondition(count <= copy.count)
    for i in 0..<count { copy[i] = bytes[(start &+ 2 &+ i) & mask] }
    head.store(start &+ 2 &+ count, ordering: .releasing)
    return count
  }
}
