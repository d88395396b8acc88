/// One entry of a linear feedback's gain matrix.
public struct FeedbackGain: Sendable, Equatable, Encodable {
  /// Action channel.
  public let action: String
  /// Observation channel.
  public let channel: String
  /// Action's unit per observation's unit.
  public let gain: Double
  /// The value from which the distance is taken; that of an angle is wrapped.
  public let target: Double
}

enum FeedbackKeys {
  static let action = Key<String>("action", .name, required: true, "Action channel.")
  static let channel = Key<String>("channel", .name, required: true, "Observation channel.")
  static let gain = Key<Double>(
    "gain", .any, required: true, unit: "the action's unit per the channel's",
    "Factor of the distance from the target.")
  static let target = Key<Double>(
    "target", .any, default: 0, unit: "the channel's unit",
    "Where the channel is to be; the distance of an angle is wrapped.")

  static let section = Section([
    action.descriptor, channel.descriptor, gain.descriptor, target.descriptor,
  ])
}

extension FeedbackGain {
  init?(_ fields: Fields, _ channels: ChannelTable, _ diagnostics: inout Diagnostics) {
    guard let action = fields.located(FeedbackKeys.action),
      let channel = fields.located(FeedbackKeys.channel),
      channels.action(action, &diagnostics) != nil,
      channels.observation(channel, &diagnostics) != nil,
      let gain = fields[FeedbackKeys.gain], let target = fields[FeedbackKeys.target]
    else { return nil }
    self.init(action: action.value, channel: channel.value, gain: gain, target: target)
  }
}
