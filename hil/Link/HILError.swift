public import ReplanWire

/// Why a plant could not be reached, agreed with, or kept.
public enum HILError: Error, Equatable, Sendable {
  // The port.
  case noDevice(path: String)
  case notAllowed(path: String)
  case busy(path: String)
  case notAPort(path: String, reason: String)
  case cannotConfigure(path: String, baud: Int, reason: String)
  case cannotList(reason: String)
  /// The device was there and is gone.
  case vanished(path: String, reason: String)
  /// The plant ended the session from its side: silence, a fault, its own disarming.
  case lost(path: String, what: String)

  // The other side.
  case silent(path: String, seconds: Double)
  case noise(path: String, baud: Int, bytes: Int)
  /// MAVLink's first version is spoken.
  case firstVersion(path: String)
  /// A key is set, and the plant does not sign.
  case unsignedPlant(path: String)
  /// A key is set, and the plant signs with another.
  case otherKey(path: String)
  /// Signed with the key, but long ago, or not for the first time.
  case oldSignatures(path: String)
  /// The plant signs, does not answer, and no key is set.
  case needsKey(path: String)
  case wrongVersion(path: String, found: Int)
  case noReply(path: String, what: String, tries: Int)
  /// `reason` is the plant's own last line of text, if it sent one.
  case refused(path: String, what: String, result: CommandResult, reason: String? = nil)

  // The agreement.
  case channelMismatch(plant: String, wanted: ChannelCounts, found: ChannelCounts)
  case rateMismatch(plant: String, wanted: Double, found: Double)
  case resetUnfinished(path: String, seconds: Double)
  /// Observations came, and none that can be used.
  case unusable(path: String, notFinite: Int, wrongCount: Int)
  /// The user did not want to wait any longer.
  case stopped(path: String)
}

extension HILError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noDevice(let path):
      "\(path): no such device; is it plugged in? `replan ports` lists what is there"
    case .notAllowed(let path):
      "\(path): not allowed to open it; add yourself to its group (`sudo adduser $USER dialout`) "
        + "and log in again"
    case .busy(let path): "\(path): another program uses it; close that program"
    case .notAPort(let path, let reason):
      "\(path): not a serial port (\(reason)); `replan ports` lists what is there"
    case .cannotConfigure(let path, let baud, let reason):
      "\(path): cannot be set to \(baud) baud, 8N1 (\(reason)); choose a rate the adapter supports"
    case .cannotList(let reason): "the serial ports cannot be listed: \(reason)"
    case .vanished(let path, let reason):
      "\(path): the device vanished (\(reason)); check cable and power, then start again"
    case .lost(let path, let what):
      "\(path): the plant \(what); see to the plant, then start again"
    default: conversation
    }
  }

  private var conversation: String {
    switch self {
    case .silent(let path, let seconds):
      "\(path): nothing heard in \(seconds) s; is the plant powered, its firmware running, "
        + "TX and RX crossed?"
    case .noise(let path, let baud, let bytes):
      "\(path): \(bytes) bytes came but no heartbeat among them; does the plant use \(baud) baud "
        + "and MAVLink 2?"
    case .firstVersion(let path):
      "\(path): the plant speaks MAVLink 1; set it to MAVLink 2 (hil/PROTOCOL.md)"
    case .unsignedPlant, .otherKey, .oldSignatures, .needsKey: signatures
    case .wrongVersion(let path, let found):
      "\(path): the plant's heartbeat names MAVLink version \(found), 3 is needed; generate its "
        + "code from hil/replan.xml again"
    case .noReply(let path, let what, let tries):
      "\(path): no reply to \(what) after \(tries) tries; does the plant implement "
        + "hil/PROTOCOL.md, does the line lose frames?"
    case .refused(let path, let what, let result, let reason):
      "\(path): the plant refused \(what): \(result.name)"
        + (reason.map { ", saying: \($0)" } ?? "")
    default: agreement
    }
  }

  private var signatures: String {
    switch self {
    case .unsignedPlant(let path):
      "\(path): the plant does not sign its frames, so they were refused; give the plant the key "
        + "(hil/PROTOCOL.md), or leave --key out"
    case .otherKey(let path):
      "\(path): the plant's frames are signed with another key, or were changed on their way; "
        + "give both sides the same key"
    case .oldSignatures(let path):
      "\(path): the plant's signatures are more than a minute old, or repeat; is its clock right, "
        + "and this one's? Does somebody replay frames?"
    case .needsKey(let path):
      "\(path): the plant signs its frames and does not answer ours, which are not signed; give "
        + "its key with --key FILE"
    default: ""
    }
  }

  private var agreement: String {
    switch self {
    case .channelMismatch(let plant, let wanted, let found):
      "plant \(plant) has \(found), the robot file describes \(wanted); "
        + "use the robot file of this plant"
    case .rateMismatch(let plant, let wanted, let found):
      "plant \(plant) samples at \(found) Hz, the robot file wants \(wanted) Hz; change one"
    case .resetUnfinished(let path, let seconds):
      "\(path): the reset did not finish in \(seconds) s; is the plant stuck?"
    case .unusable(let path, let notFinite, let wrongCount):
      "\(path): the plant's observations are unusable: \(notFinite) had a value that is not finite, "
        + "\(wrongCount) another number of channels; see to its sensors and firmware"
    case .stopped(let path): "\(path): stopped while waiting for the plant"
    default: ""
    }
  }
}

/// How many channels observations and actions have.
public struct ChannelCounts: Equatable, Sendable, CustomStringConvertible {
  /// 1...32.
  public var observations: Int
  /// 1...16.
  public var actions: Int

  public init(observations: Int, actions: Int) {
    self.observations = observations
    self.actions = actions
  }

  public var description: String {
    "\(observations) observation and \(actions) action channels"
  }
}

extension CommandResult {
  /// The result in words.
  public var name: String {
    switch self {
    case .accepted: "accepted"
    case .temporarilyRejected: "not possible now (temporarily rejected)"
    case .denied: "denied"
    case .unsupported: "unsupported"
    case .failed: "failed"
    case .inProgress: "in progress"
    default: "result \(rawValue)"
    }
  }
}
