public import ReplanWire

/// Frames that were refused for their signature since the start; all wrap around.
public struct RefusedFrames: Equatable, Sendable {
  public var unsigned: UInt32 = 0
  /// Signed with another key, or changed on their way.
  public var wrong: UInt32 = 0
  /// Not newer than the last of the same sender on the same link.
  public var replayed: UInt32 = 0
  /// More than a minute behind this side's time, from a sender not heard before.
  public var old: UInt32 = 0

  public init() {}

  public var total: UInt32 { unsigned &+ wrong &+ replayed &+ old }
}

extension RefusedFrames: CustomStringConvertible {
  public var description: String {
    "\(unsigned) unsigned, \(wrong) with another key, \(replayed) replayed, \(old) too old"
  }
}

/// Decides whether a frame comes from whoever has the key, and comes for the first time.
///
/// - Source: MAVLink guide, "Message signing". Unlike the reference libraries, a timestamp counts only
///   after the tag was found right: a forged one must not shut out the true sender.
public struct FrameVerifier: Sendable {
  /// How far behind the first frame of a sender may be: a minute.
  static var patience: UInt64 { 60 * 100_000 }

  public private(set) var refused = RefusedFrames()
  private let key: SigningKey
  private let time: SigningTime
  /// The newest timestamp of each sender on each link, by their numbers.
  private var newest: [UInt32: UInt64] = [:]

  public init(_ key: SigningKey, _ time: SigningTime) {
    self.key = key
    self.time = time
  }

  public enum Verdict: Sendable {
    case accepted
    /// Not to be believed.
    case refused
    /// The tag is not that of the frame, which may not even be one.
    case wrong
  }

  /// Whether the frame is to be believed; if not it is counted.
  ///
  /// - Parameter bytes: the whole frame, with a right checksum.
  /// - Timing: allocates.
  public mutating func judge(
    _ bytes: UnsafeRawBufferPointer, _ header: Frame.Header
  ) -> Verdict {
    guard header.isSigned else {
      refused.unsigned &+= 1
      return .refused
    }
    guard Signature.tag(bytes, key) == Signature.foundTag(bytes) else {
      refused.wrong &+= 1
      return .wrong
    }
    let signature = Signature(of: bytes)
    let stream =
      UInt32(header.source.system) << 16 | UInt32(header.source.component) << 8
      | UInt32(signature.link)
    if let last = newest[stream] {
      guard signature.timestamp > last else {
        refused.replayed &+= 1
        return .refused
      }
    } else {
      guard signature.timestamp &+ FrameVerifier.patience >= time.now else {
        refused.old &+= 1
        return .refused
      }
    }
    newest[stream] = signature.timestamp
    time.raise(to: signature.timestamp)
    return .accepted
  }
}
