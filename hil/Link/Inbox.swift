import ReplanWire

/// What the plant has said that somebody has yet to act upon; the newest of each kind.
struct Inbox {
  var heartbeat: Heartbeat?
  var description: PlantDescription?
  var ack: CommandAck?
  var statusText: StatusText?
  var hasHeardVersion1 = false
  var reset = ResetProgress.none
  /// Samples seen while a reset was under way.
  var resettingSamples = 0
  /// Sample 0 after the last reset.
  var firstSample: ObservationMessage?
}

/// How far a reset has come. Until it is done, samples from before it and from within it are no
/// observations.
enum ResetProgress {
  case none
  /// The command was sent: what comes now was sampled before it.
  case awaitingAck
  /// The plant has agreed; samples carry the flag while it is at it.
  case awaitingFirstSample
  /// Samples without the flag came, but not the first: it was lost on the line.
  case missedFirstSample
}
