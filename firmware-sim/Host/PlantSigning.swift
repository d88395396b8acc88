import ReplanSigning
import ReplanWire

/// The key's work at the plant's end of the line: signs what the session sends, and keeps from it
/// what is not signed.
final class PlantSigning {
  private let signer: FrameSigner
  private var filter: FrameFilter
  // SAFETY: used by one thread at a time, within its length, and freed with its only owner.
  private let frame = UnsafeMutableRawBufferPointer.allocate(
    byteCount: Frame.maximumLength, alignment: 8)

  init(_ key: SigningKey) {
    let time = SigningTime()
    signer = FrameSigner(key, time)
    filter = FrameFilter(FrameVerifier(key, time))
  }

  deinit { frame.deallocate() }

  var refused: RefusedFrames { filter.refused }

  /// Hands over a frame signed, that was made with room for it.
  func sign(_ bytes: UnsafeRawBufferPointer, _ deliver: (UnsafeRawBufferPointer) -> Void) {
    let signed = UnsafeMutableRawBufferPointer(rebasing: frame[..<bytes.count])
    signed.copyMemory(from: bytes)
    signer.sign(signed)
    deliver(UnsafeRawBufferPointer(signed))
  }

  /// Hands over the verified frames that the bytes complete.
  func verify(_ bytes: UnsafeRawBufferPointer, _ deliver: (UnsafeRawBufferPointer) -> Void) {
    filter.take(bytes, accept: deliver)
  }

  /// Somebody opened the line: half a frame of somebody else is not theirs.
  func discard() { filter.discard() }
}

// Without a key bytes pass as they are.
extension SimulationLoop {
  static func sign(
    _ bytes: UnsafeRawBufferPointer, _ signing: PlantSigning?,
    _ deliver: (UnsafeRawBufferPointer) -> Void
  ) {
    if let signing { signing.sign(bytes, deliver) } else { deliver(bytes) }
  }

  static func verify(
    _ bytes: UnsafeRawBufferPointer, _ signing: PlantSigning?,
    _ deliver: (UnsafeRawBufferPointer) -> Void
  ) {
    if let signing { signing.verify(bytes, deliver) } else { deliver(bytes) }
  }
}
