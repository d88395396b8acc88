import ReplanSigning
import ReplanWire

/// How a scripted plant deviates from one that does everything right.
struct Script: Sendable {
  var observations: UInt8 = 3
  var actions: UInt8 = 1
  var rate: Float = 200
  var isSilent = false
  var makesNoise = false
  var speaksVersion1 = false
  var heartbeatVersion: UInt8 = 3
  /// Commands that are not answered, by the number of times.
  var ignored: [UInt16: Int] = [:]
  var results: [UInt16: [CommandResult]] = [:]
  /// Whether the rate of the clock command is taken over.
  var keepsRate = false
  /// Samples that carry the flag before a reset is done.
  var resettingSamples = 0
  /// Resets after which sample 0 does not get through.
  var lostFirstSamples = 0
  /// Actions, by sequence, whose first answer does not get through.
  var lostAnswers: Set<UInt32> = []
  /// Samples, by sequence, with a value that is not a number, and with a wrong count.
  var notFinite: Set<UInt32> = []
  var wrongCount: Set<UInt32> = []
  /// The action, by sequence, at which the plug is pulled.
  var vanishesAtAction: UInt32?
  var vanishesAtCommand: UInt16?
  /// Plant clock minus that of the controller, ns.
  var clockOffset: Int64 = 0
  /// What the plant signs with, and whether it sends each frame twice, as somebody who replays does.
  var key: SigningKey?
  var replays = false
  /// Noise before each frame.
  var garbles = false
}
