import Synchronization

/// Lets one thread publish a block of plain memory that others read: neither ever waits for the other.
///
/// The writer makes the count odd, writes, and makes it even again. A reader that saw an odd count, or
/// another count afterwards, has read a mixture and tries again.
///
/// The count may lie in memory that processes share.
public struct Seqlock: @unchecked Sendable {
  // SAFETY: unchecked for the pointer: all access is atomic, and whoever made it keeps the memory.
  private let count: UnsafeMutablePointer<Atomic<UInt64>>

  /// Bytes of the count.
  public static var byteCount: Int { MemoryLayout<Atomic<UInt64>>.size }

  /// - Precondition: zeroed or published memory, aligned to 8 bytes, that outlives the value.
  public init(at memory: UnsafeMutableRawPointer) {
    count = memory.assumingMemoryBound(to: Atomic<UInt64>.self)
  }

  /// Publishes what `body` writes.
  ///
  /// - Precondition: one thread at a time publishes.
  /// - Timing: `body` and two atomic stores.
  @inline(__always)
  public func publish(_ body: () -> Void) {
    let old = count.pointee.load(ordering: .relaxed)
    count.pointee.store(old &+ 1, ordering: .relaxed)
    atomicMemoryFence(ordering: .releasing)
    body()
    count.pointee.store(old &+ 2, ordering: .releasing)
  }

  /// Runs `body`, which copies the block.
  ///
  /// - Returns: the number of the publication that was copied; nil if the writer came in between, or
  ///   nothing was published yet.
  @inline(__always)
  public func copy(_ body: () -> Void) -> UInt64? {
    let before = count.pointee.load(ordering: .acquiring)
    guard before > 0, before.isMultiple(of: 2) else { return nil }
    body()
    atomicMemoryFence(ordering: .acquiring)
    return count.pointee.load(ordering: .relaxed) == before ? before / 2 : nil
  }
}
