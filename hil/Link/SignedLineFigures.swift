import ReplanSigning
import ReplanWire
import Synchronization

/// What a signed line has counted.
struct SignedLineFigures: Sendable {
  var frames = FrameParser.Counters()
  var refused = RefusedFrames()
  var hasHeardVersion1 = false
  var bytesIn: UInt64 = 0
  /// Written, not only handed over.
  var bytesOut: UInt64 = 0
  var framesOut: UInt32 = 0
}

/// The figures, from the one thread that counts to any that asks.
final class SharedFigures: Sendable {
  private let frames = Atomic<UInt32>(0)
  private let badChecksums = Atomic<UInt32>(0)
  private let unknownMessages = Atomic<UInt32>(0)
  private let skippedBytes = Atomic<UInt32>(0)
  private let lostFrames = Atomic<UInt32>(0)
  private let unsigned = Atomic<UInt32>(0)
  private let wrong = Atomic<UInt32>(0)
  private let replayed = Atomic<UInt32>(0)
  private let old = Atomic<UInt32>(0)
  private let hasHeardVersion1 = Atomic<Bool>(false)
  private let bytesIn = Atomic<UInt64>(0)
  private let bytesOut = Atomic<UInt64>(0)
  private let framesOut = Atomic<UInt32>(0)

  func store(_ new: SignedLineFigures) {
    frames.store(new.frames.frames, ordering: .relaxed)
    badChecksums.store(new.frames.badChecksums, ordering: .relaxed)
    unknownMessages.store(new.frames.unknownMessages, ordering: .relaxed)
    skippedBytes.store(new.frames.skippedBytes, ordering: .relaxed)
    lostFrames.store(new.frames.lostFrames, ordering: .relaxed)
    unsigned.store(new.refused.unsigned, ordering: .relaxed)
    wrong.store(new.refused.wrong, ordering: .relaxed)
    replayed.store(new.refused.replayed, ordering: .relaxed)
    old.store(new.refused.old, ordering: .relaxed)
    hasHeardVersion1.store(new.hasHeardVersion1, ordering: .relaxed)
    bytesIn.store(new.bytesIn, ordering: .relaxed)
    bytesOut.store(new.bytesOut, ordering: .relaxed)
    framesOut.store(new.framesOut, ordering: .relaxed)
  }

  func load() -> SignedLineFigures {
    var now = SignedLineFigures()
    now.frames.frames = frames.load(ordering: .relaxed)
    now.frames.badChecksums = badChecksums.load(ordering: .relaxed)
    now.frames.unknownMessages = unknownMessages.load(ordering: .relaxed)
    now.frames.skippedBytes = skippedBytes.load(ordering: .relaxed)
    now.frames.lostFrames = lostFrames.load(ordering: .relaxed)
    now.refused.unsigned = unsigned.load(ordering: .relaxed)
    now.refused.wrong = wrong.load(ordering: .relaxed)
    now.refused.replayed = replayed.load(ordering: .relaxed)
    now.refused.old = old.load(ordering: .relaxed)
    now.hasHeardVersion1 = hasHeardVersion1.load(ordering: .relaxed)
    now.bytesIn = bytesIn.load(ordering: .relaxed)
    now.bytesOut = bytesOut.load(ordering: .relaxed)
    now.framesOut = framesOut.load(ordering: .relaxed)
    return now
  }
}
