public import ReplanWire

/// Lets verified frames through, and nothing else of a stream of bytes.
///
/// What was refused and what is no frame never reaches the receiver's own parser.
public struct FrameFilter: ~Copyable {
  private var parser = FrameParser()
  private var verifier: FrameVerifier
  // SAFETY: written by `copyLastFrame` within its length, and freed with its only owner.
  private let frame = UnsafeMutableRawBufferPointer.allocate(
    byteCount: Frame.maximumLength, alignment: 8)
  /// Whether a heartbeat of MAVLink 1 came, which knows no signatures.
  public private(set) var hasHeardVersion1 = false

  public init(_ verifier: FrameVerifier) { self.verifier = verifier }

  deinit { frame.deallocate() }

  public var refused: RefusedFrames { verifier.refused }
  /// Of all frames, those that were refused included.
  public var counters: FrameParser.Counters { parser.counters }

  /// Takes bytes in pieces of any size and hands over the verified frames that they complete.
  ///
  /// - Parameter accept: gets the bytes of one frame, valid during the call.
  /// - Timing: allocates.
  public mutating func take(
    _ bytes: UnsafeRawBufferPointer, accept: (UnsafeRawBufferPointer) -> Void
  ) {
    var rest = bytes
    repeat {
      rest = parser.append(rest)
      while case let outcome = parser.next(), outcome.isProgress {
        switch outcome {
        case .frame(let found):
          let count = parser.copyLastFrame(into: frame)
          let whole = UnsafeRawBufferPointer(rebasing: frame[..<count])
          switch verifier.judge(whole, found.header) {
          case .accepted: accept(whole)
          case .wrong: parser.reconsiderLastFrame()
          case .refused: break
          }
        case .version1: hasHeardVersion1 = true
        case .badChecksum, .unknownMessage, .unknownFlags, .needMore: break
        }
      }
    } while !rest.isEmpty
  }

  /// Forgets the part of a frame that is waiting.
  public mutating func discard() { parser.discard() }
}
