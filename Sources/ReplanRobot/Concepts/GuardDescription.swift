import ReplanCore

/// What the guard bridges and what it falls back to.
public struct GuardDescription: Sendable, Equatable, Encodable {
  public enum Fallback: String, Choice, Sendable {
    case safe, hold, lqr
  }

  /// Ticks without a fresh observation that prediction bridges.
  public let staleTicks: Int
  /// Ticks that the last plan is followed when no new one is ready.
  public let shiftedTicks: Int
  public let fallback: Fallback
}

/// The hard limits of one observation channel.
public struct EnvelopeLimit: Sendable, Equatable, Encodable {
  public let channel: String
  public let limits: Interval
}

enum GuardKeys {
  static let staleTicks = Key<Int>(
    "stale_ticks", 0...15, default: 2, unit: "ticks",
    "So long a missing observation is bridged by prediction; then the fallback.")
  static let shiftedTicks = Key<Int>(
    "shifted_ticks", 0...15, default: 3, unit: "ticks",
    "So long the last plan is followed when no new one is ready; then the fallback.")
  static let fallback = Key<GuardDescription.Fallback>(
    "fallback", default: .safe,
    "`safe` goes to the safe action within the slew limit, `hold` keeps the last action, `lqr` "
      + "regulates to the objective's target where the state is known (outside the envelope, or "
      + "without a plan) and is `safe` elsewhere.")

  static let section = Section([
    staleTicks.descriptor, shiftedTicks.descriptor, fallback.descriptor,
  ])
}

extension GuardDescription {
  init?(_ fields: Fields) {
    guard let staleTicks = fields[GuardKeys.staleTicks],
      let shiftedTicks = fields[GuardKeys.shiftedTicks],
      let fallback = fields[GuardKeys.fallback]
    else { return nil }
    self.init(staleTicks: staleTicks, shiftedTicks: shiftedTicks, fallback: fallback)
  }
}

extension EnvelopeLimit {
  /// In the order of the names; an envelope beyond the plausible range could never be left.
  static func limits(
    _ entries: Entries, _ channels: ChannelTable, _ diagnostics: inout Diagnostics
  ) -> [EnvelopeLimit] {
    var limits: [EnvelopeLimit] = []
    for entry in entries.entries {
      guard let channel = channels.observation(entry.name, &diagnostics),
        let interval = Interval(entry.value)
      else { continue }
      if let range = channel[ObservationKeys.range], !range.contains(interval) {
        diagnostics.add(
          entry.value, found: Wording.pair(interval.low, interval.high),
          allowed: "limits inside the channel's range \(Wording.pair(range.low, range.high))")
      }
      limits.append(EnvelopeLimit(channel: entry.name.value, limits: interval))
    }
    return limits.sorted { $0.channel < $1.channel }
  }
}
