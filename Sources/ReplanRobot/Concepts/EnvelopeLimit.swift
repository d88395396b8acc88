/// The hard limits of one observation channel.
public struct EnvelopeLimit: Sendable, Equatable, Encodable {
  public let channel: String
  public let limits: Interval
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
