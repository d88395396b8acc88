public import Synchronization

/// A queue of fixed capacity from one thread to one other, without locks.
///
/// Carries tick records off the control thread. `push` never waits and never allocates: when the
/// consumer has fallen behind by the whole capacity, the element is dropped and counted, because
/// a late record is worth less than a late action.
///
/// ```swift
/// let ring = SpscRing<TickRecord>(capacity: 1024)
/// // control thread               // recorder thread
/// ring.push(record)               while let record = ring.pop() { … }
/// ```
///
/// There is no blocking `pop`: waking a consumer would cost the producer a system call. The
/// consumer looks in regularly.
///
/// - Source: L. Lamport, "Proving the correctness of multiprocess programs", 1977; with each side
///   keeping its last sight of the other's index, as in E. Rigtorp's SPSCQueue.
public final class SpscRing<Element: BitwiseCopyable & Sendable>: Sendable {
  /// How many elements the ring holds.
  public let capacity: Int

  @usableFromInline let memory: RingMemory<Element>

  /// - Precondition: capacity is a power of two.
  public init(capacity: Int) {
    precondition(
      capacity > 0 && capacity & (capacity - 1) == 0, "a ring's capacity is a power of two")
    self.capacity = capacity
    memory = RingMemory(capacity: capacity)
  }

  deinit { memory.deallocate() }

  /// Appends an element, or counts it as dropped when the ring is full.
  ///
  /// - Timing: O(1); no allocation, lock or C call.
  /// - Precondition: called by one thread only, the producer.
  @inlinable @discardableResult
  public func push(_ element: Element) -> Bool {
    // SAFETY: indices stay within the capacity by the mask; the slot at `tail` belongs to the
    // producer until the releasing store below, which the consumer's acquiring load pairs with.
    let tail = memory.tail.pointee.load(ordering: .relaxed)
    if tail &- memory.headSeen.pointee == capacity {
      memory.headSeen.pointee = memory.head.pointee.load(ordering: .acquiring)
      if tail &- memory.headSeen.pointee == capacity {
        memory.drops.pointee.wrappingAdd(1, ordering: .relaxed)
        return false
      }
    }
    memory.slots[tail & (capacity &- 1)] = element
    memory.tail.pointee.store(tail &+ 1, ordering: .releasing)
    return true
  }

  /// Takes the oldest element, nil when the ring is empty.
  ///
  /// - Timing: O(1); no allocation, lock or C call.
  /// - Precondition: called by one thread only, the consumer.
  @inlinable
  public func pop() -> Element? {
    // SAFETY: as in `push`, with the parts exchanged.
    let head = memory.head.pointee.load(ordering: .relaxed)
    if head == memory.tailSeen.pointee {
      memory.tailSeen.pointee = memory.tail.pointee.load(ordering: .acquiring)
      if head == memory.tailSeen.pointee { return nil }
    }
    let element = memory.slots[head & (capacity &- 1)]
    memory.head.pointee.store(head &+ 1, ordering: .releasing)
    return element
  }

  /// How many elements were dropped because the ring was full; any thread may ask.
  public var dropped: Int { memory.drops.pointee.load(ordering: .relaxed) }
}

/// The ring's one block of memory: the producer's line, the consumer's line, the slots.
///
/// Unchecked, because the compiler cannot see what `push` and `pop` keep: each field has one
/// writing thread, and the indices order the accesses to the slots.
@usableFromInline
struct RingMemory<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  /// Two cache lines: neighbouring lines are fetched in pairs.
  static var line: Int { 128 }

  /// Written by the producer: the next index to fill, the drops, its last sight of `head`.
  @usableFromInline let tail: UnsafeMutablePointer<Atomic<Int>>
  @usableFromInline let drops: UnsafeMutablePointer<Atomic<Int>>
  @usableFromInline let headSeen: UnsafeMutablePointer<Int>

  /// Written by the consumer: the next index to empty, its last sight of `tail`.
  @usableFromInline let head: UnsafeMutablePointer<Atomic<Int>>
  @usableFromInline let tailSeen: UnsafeMutablePointer<Int>

  @usableFromInline let slots: UnsafeMutablePointer<Element>
  private let block: UnsafeMutableRawPointer

  init(capacity: Int) {
    let line = Self.line
    let alignment = max(line, MemoryLayout<Element>.alignment)
    let slotsOffset = 2 * alignment
    let bytes = slotsOffset + capacity * MemoryLayout<Element>.stride
    block = .allocate(byteCount: bytes, alignment: alignment)
    // Zeroing touches every page, so that the producer meets no page fault.
    block.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    // SAFETY: the fields of a line follow each other at word distance within its 128 bytes.
    let word = MemoryLayout<Int>.stride
    tail = block.bindMemory(to: Atomic<Int>.self, capacity: 1)
    drops = (block + word).bindMemory(to: Atomic<Int>.self, capacity: 1)
    headSeen = (block + 2 * word).bindMemory(to: Int.self, capacity: 1)
    head = (block + line).bindMemory(to: Atomic<Int>.self, capacity: 1)
    tailSeen = (block + line + word).bindMemory(to: Int.self, capacity: 1)
    slots = (block + slotsOffset).bindMemory(to: Element.self, capacity: capacity)
    tail.initialize(to: Atomic(0))
    drops.initialize(to: Atomic(0))
    head.initialize(to: Atomic(0))
    headSeen.initialize(to: 0)
    tailSeen.initialize(to: 0)
  }

  /// Nothing but trivial values live in the block, so freeing it is all there is to do.
  func deallocate() { block.deallocate() }
}
