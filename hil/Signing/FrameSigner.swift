import ReplanWire

/// Signs the frames of one end of a line.
public struct FrameSigner: Sendable {
  private let key: SigningKey
  private let time: SigningTime
  private let link: UInt8

  /// - Parameter link: tells this line from others that the sender signs with the same address.
  public init(_ key: SigningKey, _ time: SigningTime, link: UInt8 = 0) {
    self.key = key
    self.time = time
    self.link = link
  }

  /// Signs a frame that was encoded with room for a signature; other bytes stay as they are, as when
  /// a fault was injected into them.
  ///
  /// - Timing: allocates.
  public func sign(_ frame: UnsafeMutableRawBufferPointer) {
    guard FrameSigner.isSignable(frame) else { return }
    Signature(link: link, timestamp: time.next()).write(to: frame)
    Signature.write(tag: Signature.tag(UnsafeRawBufferPointer(frame), key), to: frame)
  }

  private static func isSignable(_ frame: UnsafeMutableRawBufferPointer) -> Bool {
    frame.count >= Frame.length(payloadLength: 0, signed: true) && frame[0] == 0xFD
      && frame[2] & 1 == 1
      && frame.count == Frame.length(payloadLength: Int(frame[1]), signed: true)
  }
}
