import ReplanCore
import ReplanRecord

/// A tick with all that an episode says of it.
struct RecordedTick {
  var record: TickRecord
  /// What came in for it; nil if nothing did.
  var observation: ObservationRecord?
  /// Observations since the tick before, this one's own included.
  var arrived: ArraySlice<ObservationRecord>
  var estimate: [Float]
  var decision: [Float]
  /// The action that was sent in it; nil if none was.
  var sent: ActionRecord?

  var verdict: Verdict? { Verdict(rawValue: record.verdict) }
}

/// The ticks of an episode in order, up to the first of which something is missing.
///
/// What a tick decides depends on all ticks before it, so behind a gap nothing can be computed
/// again.
struct RecordedTicks {
  private(set) var ticks: [RecordedTick] = []
  /// Why there are no more, if more were recorded.
  private(set) var gap: ReplayGap?

  init(_ episode: Episode) {
    var join = TickJoin(episode)
    for (place, record) in episode.ticks.enumerated() {
      do throws(ReplayGap) {
        ticks.append(try join.next(record, place))
      } catch {
        gap = error
        return
      }
    }
    // Records of the last ticks may be missing without leaving a hole.
    let counted = episode.outcome?.ticks ?? 0
    let dropped = episode.outcome?.droppedRecords ?? 0
    if counted > ticks.count {
      gap = ReplayGap(tick: ticks.count, reason: "\(counted - ticks.count) ticks were not recorded")
    } else if dropped > 0 {
      gap = ReplayGap(
        tick: ticks.count, reason: "\(dropped) records were dropped while it was recorded")
    }
  }
}

/// From which tick on an episode cannot be computed again, and why.
public struct ReplayGap: Error, Sendable, Equatable, CustomStringConvertible {
  public var tick: Int
  public var reason: String

  public var description: String { "from tick \(tick) on: \(reason)" }
}

/// Finds what belongs to a tick.
private struct TickJoin {
  private let episode: Episode
  private let states: [UInt32: [Float]]
  private let decisions: [UInt32: [Float]]
  private let actions: [UInt32: ActionRecord]
  private var observations = 0

  init(_ episode: Episode) {
    self.episode = episode
    states = Self.byTick(episode.states)
    decisions = Self.byTick(episode.decisions)
    actions = Dictionary(episode.actions.map { ($0.sequence, $0) }) { first, _ in first }
  }

  private static func byTick(_ list: [TickValues]) -> [UInt32: [Float]] {
    Dictionary(list.map { ($0.tick, $0.values) }) { first, _ in first }
  }

  mutating func next(_ record: TickRecord, _ place: Int) throws(ReplayGap) -> RecordedTick {
    func missing(_ what: String) -> ReplayGap { ReplayGap(tick: place, reason: what) }
    guard Int(record.tick) == place else {
      throw missing("the file goes on with tick \(record.tick); those before it were not recorded")
    }
    guard let estimate = states[record.tick], let decision = decisions[record.tick] else {
      throw missing("its state or its decision was not recorded")
    }
    let first = observations
    let last = Int(record.observations)
    guard last >= first, last <= episode.observations.count, last > first || !record.isFresh else {
      throw missing("its observation was not recorded")
    }
    if record.modelGeneration > 0, episode.models[record.modelGeneration] == nil {
      throw missing("the model of refit \(record.modelGeneration) was not recorded")
    }
    let sent = record.actionSequence == 0 ? nil : actions[record.actionSequence]
    guard record.actionSequence == 0 || sent != nil else {
      throw missing("the action that it sent was not recorded")
    }
    observations = last
    let arrived = episode.observations[first..<last]
    return RecordedTick(
      record: record, observation: record.isFresh ? arrived.last : nil, arrived: arrived,
      estimate: estimate, decision: decision, sent: sent)
  }
}
