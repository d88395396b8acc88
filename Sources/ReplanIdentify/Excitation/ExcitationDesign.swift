/// A designed excitation: the actions of each tick, within limits and slew.
///
/// ```swift
/// let design = try ExcitationDesign(settings)
/// let report = ExcitationReport(design)
/// ```
public struct ExcitationDesign: Sendable {
  /// What was asked for, with the length that came of it.
  public let settings: ExcitationSettings
  /// What is played. Shape [channel][tick], in the channels' units.
  public let actions: [[Double]]
  /// True where the slew limit has changed the signal itself, not only its size.
  public let isSlewed: Bool

  /// - Throws: `tooFewSines` if the band cannot be shared out among the channels.
  public init(_ settings: ExcitationSettings) throws(ExcitationError) {
    var settings = settings
    let signals: [[Double]]
    switch settings.kind {
    case .prbs:
      let sequence = BinarySequence(settings)
      if settings.isLengthFree { settings.ticks = sequence.period }
      signals = sequence.signals(settings)
    case .multisine: signals = try Multisine(settings).signals()
    case .chirp: signals = Chirp(settings).signals()
    case .steps, .ou, .random: signals = RandomSignal(settings).signals()
    }
    self.settings = settings
    var isSlewed = false
    actions = settings.channels.indices.map { channel in
      let played = Self.played(signals[channel], settings, settings.channels[channel])
      isSlewed = isSlewed || played.isSlewed
      return played.actions
    }
    self.isSlewed = isSlewed
  }

  /// Scales a signal of -1...1 to the channel, keeps to its slew limit, and starts from the safe
  /// action.
  private static func played(
    _ signal: [Double], _ settings: ExcitationSettings, _ channel: ExcitationSettings.Channel
  ) -> (actions: [Double], isSlewed: Bool) {
    let middle = (channel.low + channel.high) / 2
    var half = settings.amplitude * (channel.high - channel.low) / 2
    let slew = channel.slewPerTick ?? .infinity
    if settings.kind.isSmooth {
      let steepest = zip(signal, signal.dropFirst()).map { abs($1 - $0) }.max() ?? 0
      // A smooth signal keeps its shape, and gives up size for it.
      if half * steepest > slew { half = slew / steepest }
    }
    var isSlewed = false
    var last = channel.safe
    let actions = signal.indices.map { tick in
      let wanted = middle + half * signal[tick]
      let reached = min(max(wanted, last - slew), last + slew)
      // On the way from the safe action nothing is lost of the signal.
      if abs(reached - wanted) > 1e-9 * half && tick > 0 && !settings.kind.isSmooth {
        isSlewed = true
      }
      last = min(max(reached, channel.low), channel.high)
      return last
    }
    return (actions, isSlewed)
  }

  /// Row after row, as an episode plays it. Shape [tick, channel].
  public var rows: [Float] {
    (0..<settings.ticks).flatMap { tick in actions.map { Float($0[tick]) } }
  }
}

extension ExcitationSettings.Kind {
  /// True if it changes little from tick to tick.
  var isSmooth: Bool { self == .multisine || self == .chirp }
}
