import ReplanWire

/// Cuts a stream of bytes into whole frames and what lies between them.
///
/// Unlike `FrameParser` it keeps every byte and looks at no checksum: what is not right stays as it
/// is, for the parser at the end of the line to judge. Like it, it waits for the rest of what may
/// become a frame.
struct FrameSplitter {
  struct Piece {
    var bytes: UnsafeRawBufferPointer
    /// `nil`: no frame.
    var message: MessageID?
  }

  private enum Start {
    case none
    case needsMore
    case frame(length: Int, MessageID)
  }

  private static let capacity = 1024
  private let storage: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0

  init() {
    storage = .allocate(byteCount: FrameSplitter.capacity, alignment: 8)
  }

  func deallocate() { storage.deallocate() }

  mutating func discard() {
    start = 0
    end = 0
  }

  /// Takes as many of the bytes as fit; `next` makes room for the rest.
  ///
  /// - Returns: the bytes not taken.
  mutating func append(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    if start > 0 {
      for i in start..<end { storage[i - start] = storage[i] }
      end -= start
      start = 0
    }
    let count = min(bytes.count, FrameSplitter.capacity - end)
    for i in 0..<count { storage[end + i] = bytes[i] }
    end += count
    return UnsafeRawBufferPointer(rebasing: bytes[count...])
  }

  /// The next piece, valid until the next `append`; `nil`: what is left may become a frame.
  mutating func next() -> Piece? {
    let first = start
    var place = start
    // No piece is longer than a frame may be.
    while place < end, place - first < Frame.maximumLength {
      switch begins(at: place) {
      case .none:
        place += 1
        continue
      case .needsMore: break
      case .frame(let length, let id):
        guard place == first else { break }
        start += length
        return piece(first..<start, id)
      }
      break
    }
    guard place > first else { return nil }
    start = place
    return piece(first..<place, nil)
  }

  private func piece(_ range: Range<Int>, _ id: MessageID?) -> Piece {
    Piece(bytes: UnsafeRawBufferPointer(rebasing: storage[range]), message: id)
  }

  private func begins(at place: Int) -> Start {
    guard storage[place] == 0xFD else { return .none }
    let waiting = end - place
    guard waiting >= 3 else { return .needsMore }
    // Of the flags that change the framing only that of a signature is known.
    let flags = storage[place + 2]
    guard flags & 0xFE == 0 else { return .none }
    guard waiting >= 10 else { return .needsMore }
    let number =
      UInt32(storage[place + 7]) | UInt32(storage[place + 8]) << 8
      | UInt32(storage[place + 9]) << 16
    guard let id = MessageID(rawValue: number) else { return .none }
    let length = Frame.length(payloadLength: Int(storage[place + 1]), signed: flags == 1)
    return waiting < length ? .needsMore : .frame(length: length, id)
  }
}
