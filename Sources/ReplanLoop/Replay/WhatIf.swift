public import ReplanCore
import ReplanRealtime
import ReplanRecord

/// A tick as it was and as it would be planned with a change.
public struct WhatIfTick: Sendable {
  public var tick: Int
  public var recorded: Plan
  public var changed: Plan

  public struct Plan: Sendable {
    public var verdict: Verdict
    /// Not a number where nothing was planned.
    public var cost: Float
    /// The first action, one value a channel: what was decided.
    public var action: [Float]
  }

  /// Largest difference of an action channel.
  public var actionChange: Float {
    zip(recorded.action, changed.action).map { abs($0 - $1) }.max() ?? 0
  }
}

/// How the plans of an episode differ with a change.
public struct WhatIfSummary: Sendable {
  public var ticks = 0
  /// Ticks with another first action, and with another verdict.
  public var differentActions = 0
  public var differentVerdicts = 0
  /// Of an action channel.
  public var largestChange: Float = 0
  public var largestChangeTick = 0
  public var meanChange = 0.0
  /// Means over the ticks that have a plan both ways. Costs of other objectives or horizons are
  /// sums of other things.
  public var meanCost = 0.0
  public var changedMeanCost = 0.0
  /// Ticks that have a plan both ways.
  public var planned = 0
  public var seconds = 0.0

  mutating func add(_ tick: WhatIfTick) {
    ticks += 1
    let change = tick.actionChange
    if change != 0 { differentActions += 1 }
    if tick.recorded.verdict != tick.changed.verdict { differentVerdicts += 1 }
    if change > largestChange { (largestChange, largestChangeTick) = (change, tick.tick) }
    meanChange += Double(change)
    guard tick.recorded.cost.isFinite, tick.changed.cost.isFinite else { return }
    planned += 1
    meanCost += Double(tick.recorded.cost)
    changedMeanCost += Double(tick.changed.cost)
  }

  mutating func finish() {
    meanChange /= Double(max(ticks, 1))
    meanCost /= Double(max(planned, 1))
    changedMeanCost /= Double(max(planned, 1))
  }
}

extension Replay {
  /// Plans each tick again as it was met: the recorded observations, and up to it the recorded
  /// actions, whatever the change would have done. Deadlines cut where they did.
  ///
  /// - Parameter visit: takes each tick from `start` on.
  public func whatIf(
    from start: Int = 0, until end: Int? = nil, visit: (WhatIfTick) -> Void
  ) -> WhatIfSummary {
    var summary = WhatIfSummary()
    let began = MonotonicClock.nanoseconds
    run(until: min(end ?? tickCount, tickCount), followsRecord: true) { tick, recorded, decision in
      guard tick >= start else { return }
      let row = WhatIfTick(
        tick: tick,
        recorded: WhatIfTick.Plan(
          verdict: recorded.verdict ?? .noPlan, cost: recorded.record.planCost,
          action: recorded.decision),
        changed: WhatIfTick.Plan(
          verdict: decision.verdict, cost: decision.planCost,
          action: recorded.decision.indices.map { decision.action[$0] }))
      summary.add(row)
      visit(row)
    }
    summary.seconds = Double(MonotonicClock.nanoseconds - began) / 1e9
    summary.finish()
    return summary
  }
}
