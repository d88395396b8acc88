public import ReplanCore
public import ReplanRealtime
public import ReplanRecord

/// What an episode came to.
public struct EpisodeResult: Sendable {
  public var index: Int
  public var kind: EpisodeOptions.Kind
  public var path: String
  public var end: LoopEnd
  public var isSuccess: Bool
  /// Armed time: samples times the period.
  public var seconds: Double
  public var episodeReturn: Double
  public var ticks: Int
  public var overruns: Int
  public var fallbacks: Int
  /// Records that did not reach the file, and why the first one did not.
  public var droppedRecords: Int
  public var recordFailure: RecordError?
  /// Time that a tick took, lateness of its start, and age of an action when it was sent, in µs.
  public var tick: LatencyHistogram
  public var wake: LatencyHistogram
  public var latency: LatencyHistogram
  public var transitions: TransitionSet
  /// Samples that the plant took and the loop never saw.
  public var lostSamples: Int
  /// Whether the plant confirmed that it disarmed afterwards.
  public var isDisarmed: Bool
  /// Observations that came with another number of channels.
  public var refusedObservations = 0
  /// Ticks given up because the one before came too late.
  public var missedTicks = 0
  /// Frames that the parser missed by their sequence, and such as had a wrong checksum, from the start
  /// of the loop to its end.
  public var lostFrames = 0
  public var damagedFrames = 0
  /// Observations that came and were overtaken by a newer one before a tick saw them.
  public var skippedObservations = 0
  /// From sending an action to the arrival of the first sample under it, in µs.
  public var transport = LatencyHistogram()
  /// How often the tick lost the plant's phase.
  public var lockLosses = 0
  /// The steps from fresh plans to the fallback and back.
  public var ladder = Ladder()
  /// Where the session stands after the episode: disarmed, or stopped until somebody has seen to the
  /// cause.
  public var arming = ArmingState.disarmed
  public var usage: ThreadUsage
  /// What the control thread asked of the system and did not get.
  public var report: RealtimeReport
}
