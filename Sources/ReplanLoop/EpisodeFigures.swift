import ReplanCore
import ReplanRealtime

/// How far a running episode has come; for a line of progress.
public struct EpisodeProgress: Sendable {
  public var ticks: Int
  public var episodeReturn: Double
  public var overruns: Int
  public var fallbacks: Int
  /// Microseconds that a tick took, median so far.
  public var tickMicroseconds: Int64
}

/// The figures of an episode, summed by the recorder.
struct EpisodeFigures: Sendable {
  var ticks = 0
  var episodeReturn = 0.0
  var overruns = 0
  var fallbacks = 0
  var droppedRecords = 0
  var tick = LatencyHistogram()
  var wake = LatencyHistogram()
  var latency = LatencyHistogram()
  /// How often the phase lock was lost.
  private(set) var lockLosses = 0
  private(set) var ladder = Ladder()
  private(set) var transport = LatencyHistogram()
  /// Observations that were overtaken before a tick saw them.
  private(set) var skippedObservations = 0
  private var lastLock = PhaseLock.State.searching
  private var observations = 0
  private var first: UInt32?
  private var last: UInt32 = 0

  mutating func observe(_ record: LoopRecord) {
    let sequence = record.sequence
    if !record.isTick { skippedObservations += 1 }
    observations += 1
    guard first != nil else {
      (first, last) = (sequence, sequence)
      return
    }
    // A plant that has restarted counts from 0 again, which is no armed time.
    if Int32(bitPattern: sequence &- last) > 0 { last = sequence }
  }

  mutating func count(_ record: LoopRecord) {
    ticks += 1
    if record.isOverrun { overruns += 1 }
    if record.verdict.isFallback { fallbacks += 1 }
    tick.record(nanoseconds: record.tickNanoseconds)
    wake.record(nanoseconds: record.wakeNanoseconds)
    ladder.add(record.verdict, tick: Int(record.tick))
    if record.lock == .lost && lastLock != .lost { lockLosses += 1 }
    lastLock = record.lock
    if record.transportNanoseconds > 0 {
      transport.record(nanoseconds: record.transportNanoseconds)
    }
    if record.latencyNanoseconds > 0 { latency.record(nanoseconds: record.latencyNanoseconds) }
  }

  /// Samples of armed time, those lost on the line included.
  var samples: Int { first.map { Int(last &- $0) + 1 } ?? 0 }

  var lostSamples: Int { max(0, samples - observations) }

  var progress: EpisodeProgress {
    EpisodeProgress(
      ticks: ticks, episodeReturn: episodeReturn, overruns: overruns, fallbacks: fallbacks,
      tickMicroseconds: tick.p50)
  }
}
