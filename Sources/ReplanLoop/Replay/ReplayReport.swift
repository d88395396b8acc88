import ReplanRealtime
import ReplanRecord
import ReplanRobot

/// What a comparison of an episode with its recomputation came to.
public struct ReplayReport: Sendable {
  /// Ticks that were compared.
  public var ticks: Int
  /// Values that were compared in them.
  public var fields: Int
  public var differentTicks: Int
  public var first: ReplayDifference?
  /// What of the asked ticks could not be computed again.
  public var gap: ReplayGap?
  /// Refits that were adopted in the ticks computed.
  public var refits: Int
  /// Wall time of the recomputation, and armed time of the ticks computed.
  public var seconds: Double
  public var recordedSeconds: Double

  /// True if all of the asked ticks agree in every bit.
  public var isExact: Bool { first == nil && gap == nil }
}

extension Replay {
  /// Computes the ticks before `end` and compares those from `start` on with the record, bit for bit.
  ///
  /// - Parameters:
  ///   - end: nil for all that was run, of which some may not be recorded.
  ///   - progress: called every few ticks with the number of those done.
  /// - Precondition: 0 <= start < tickCount, and end > start.
  public func compare(
    from start: Int = 0, until end: Int? = nil, progress: (Int) -> Void = { _ in }
  ) -> ReplayReport {
    let last = min(end ?? tickCount, tickCount)
    precondition(start >= 0 && start < last)
    var comparison = ReplayComparison(episode.header, configuration)
    var refits: UInt32 = 0
    let began = MonotonicClock.nanoseconds
    run(until: last) { tick, recorded, decision in
      comparison.take(tick, recorded, decision, isCompared: tick >= start)
      refits = max(refits, recorded.record.modelGeneration)
      if tick % 32 == 31 { progress(tick + 1) }
    }
    let seconds = Double(MonotonicClock.nanoseconds - began) / 1e9
    let isReached = end.map { $0 > tickCount } ?? true
    return ReplayReport(
      ticks: last - start, fields: comparison.fields, differentTicks: comparison.differentTicks,
      first: comparison.first, gap: isReached ? gap : nil, refits: Int(refits), seconds: seconds,
      recordedSeconds: Double(last) * robot.period)
  }
}
