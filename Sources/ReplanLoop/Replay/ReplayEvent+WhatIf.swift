extension ReplayEvent {
  /// A tick with a change, beside what was recorded of it.
  public struct WhatIf: Sendable, Encodable {
    let event = "what_if"
    public var tick: Int
    public var verdict: String
    public var changedVerdict: String
    public var planCost: Float
    public var changedPlanCost: Float
    /// By channel.
    public var action: [String: Float]
    public var changedAction: [String: Float]

    public init(_ row: WhatIfTick, channels: [String]) {
      func named(_ values: [Float]) -> [String: Float] {
        Dictionary(zip(channels, values)) { first, _ in first }
      }
      tick = row.tick
      verdict = "\(row.recorded.verdict)"
      changedVerdict = "\(row.changed.verdict)"
      planCost = row.recorded.cost
      changedPlanCost = row.changed.cost
      action = named(row.recorded.action)
      changedAction = named(row.changed.action)
    }

    enum CodingKeys: String, CodingKey {
      case event, tick, verdict, action
      case changedVerdict = "changed_verdict"
      case planCost = "plan_cost"
      case changedPlanCost = "changed_plan_cost"
      case changedAction = "changed_action"
    }
  }

  public struct WhatIfEnd: Sendable, Encodable {
    let event = "end"
    public var ticks: Int
    public var differentActions: Int
    public var differentVerdicts: Int
    public var largestChange: Float
    public var largestChangeTick: Int
    public var meanChange: Double
    /// Over the ticks that have a plan both ways; absent without any.
    public var meanCost: Double?
    public var changedMeanCost: Double?
    public var seconds: Double

    public init(_ summary: WhatIfSummary) {
      ticks = summary.ticks
      differentActions = summary.differentActions
      differentVerdicts = summary.differentVerdicts
      largestChange = summary.largestChange
      largestChangeTick = summary.largestChangeTick
      meanChange = summary.meanChange
      meanCost = summary.planned > 0 ? summary.meanCost : nil
      changedMeanCost = summary.planned > 0 ? summary.changedMeanCost : nil
      seconds = summary.seconds
    }

    enum CodingKeys: String, CodingKey {
      case event, ticks, seconds
      case differentActions = "different_actions"
      case differentVerdicts = "different_verdicts"
      case largestChange = "largest_change"
      case largestChangeTick = "largest_change_tick"
      case meanChange = "mean_change"
      case meanCost = "mean_plan_cost"
      case changedMeanCost = "changed_mean_plan_cost"
    }
  }
}
