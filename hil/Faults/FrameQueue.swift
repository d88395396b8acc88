import ReplanWire

/// Pieces of a byte stream that wait for their time, in order, in memory that does not grow: the
/// oldest makes room for the newest.
struct FrameQueue {
  /// Half a second of a plant with 1 kHz.
  static let capacity = 512
  private static let stride = 288

  private let storage: UnsafeMutableRawBufferPointer
  private let lengths: UnsafeMutableBufferPointer<Int>
  private let dues: UnsafeMutableBufferPointer<UInt64>
  private var first = 0
  private(set) var count = 0
  /// Pieces that had to make room.
  private(set) var dropped = 0

  init() {
    let capacity = FrameQueue.capacity
    storage = .allocate(byteCount: capacity * FrameQueue.stride, alignment: 8)
    lengths = .allocate(capacity: capacity)
    dues = .allocate(capacity: capacity)
    // Written once, so that the pages are there before the first frame comes.
    storage.initializeMemory(as: UInt8.self, repeating: 0)
    lengths.initialize(repeating: 0)
    dues.initialize(repeating: 0)
  }

  func deallocate() {
    storage.deallocate()
    lengths.deallocate()
    dues.deallocate()
  }

  mutating func discard() { count = 0 }

  /// When the first piece is due, µs.
  var nextDue: UInt64? { count > 0 ? dues[first] : nil }

  /// - Precondition: at most as many bytes as a frame may have.
  mutating func append(_ bytes: UnsafeRawBufferPointer, due: UInt64) {
    precondition(bytes.count <= FrameQueue.stride)
    if count == FrameQueue.capacity {
      removeFirst()
      dropped += 1
    }
    let slot = (first + count) % FrameQueue.capacity
    let base = slot * FrameQueue.stride
    for i in 0..<bytes.count { storage[base + i] = bytes[i] }
    lengths[slot] = bytes.count
    dues[slot] = due
    count += 1
  }

  /// The first piece; valid until `append`.
  var front: UnsafeRawBufferPointer {
    let base = first * FrameQueue.stride
    return UnsafeRawBufferPointer(rebasing: storage[base..<(base + lengths[first])])
  }

  mutating func removeFirst() {
    first = (first + 1) % FrameQueue.capacity
    count -= 1
  }
}
