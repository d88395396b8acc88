public import ReplanCore

/// What one tick leaves in the live file.
public struct LiveSample: BitwiseCopyable, Sendable {
  public internal(set) var tick: UInt32 = 0
  public internal(set) var episode: UInt32 = 0
  private var verdictNumber: UInt8 = 0
  private var armingNumber: UInt8 = 0
  public internal(set) var hasObservation = false
  public internal(set) var isOverrun = false
  public internal(set) var generation: UInt32 = 0
  public internal(set) var disagreement: Float = .nan
  public internal(set) var planCost: Float = .nan
  /// What the tick took, and how late it woke, ns.
  public internal(set) var tickNanoseconds: Int64 = 0
  public internal(set) var wakeNanoseconds: Int64 = 0
  public internal(set) var observation = StateVector(repeating: 0)
  /// The action that was sent at this tick.
  public internal(set) var action = ActionVector(repeating: 0)

  init() {}

  init(_ record: LoopRecord, episode: Int) {
    tick = record.tick
    self.episode = UInt32(truncatingIfNeeded: episode)
    verdictNumber = record.verdict.rawValue
    armingNumber = record.state.rawValue
    hasObservation = record.hasObservation
    isOverrun = record.isOverrun
    generation = record.generation
    disagreement = record.disagreement
    planCost = record.planCost
    tickNanoseconds = record.tickNanoseconds
    wakeNanoseconds = record.wakeNanoseconds
    observation = record.observation
    action = record.action
  }

  public var verdict: Verdict { Verdict(rawValue: verdictNumber) ?? .planned }
  public var arming: ArmingState { ArmingState(rawValue: armingNumber) ?? .disarmed }
}
