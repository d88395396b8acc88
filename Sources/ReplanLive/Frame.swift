import Foundation
import ReplanCore
import ReplanLoop

/// What the page is sent thirty times a second.
///
/// Long rows of numbers travel as base64 of 32-bit floats, little-endian: short, and quick to make
/// where a small processor also runs a robot.
struct Frame: Encodable, Sendable {
  /// Rises with each frame.
  var number: Int
  /// nil if no session was ever run here by this version.
  var phase: String?
  var arming = "disarmed"
  /// Whether the process that wrote this is still there.
  var isAlive = false
  var isDisarmed = true
  var isLockstep = false
  var isExploring = false
  var episode = 0
  var ticks = 0
  var maximumTicks = 0
  var overruns = 0
  var fallbacks = 0
  var episodeReturn = 0.0
  /// nil: every prediction counts as known.
  var gate: Float?
  var fit: Fit?
  /// The newest verdict, and the refits adopted in the episode.
  var verdict: String?
  var generation = 0
  var tickTimes: [UInt32] = []
  /// The ticks since the frame before: rows of `sampleHead` numbers, S and A.
  var samples = ""
  var plan: Plan?
  /// What the live file itself is wrong with.
  var problem: String?
  /// What became of an emergency stop.
  var stop: EmergencyStop.Outcome?

  struct Fit: Encodable, Sendable {
    var transitions: UInt32
    var step: UInt32
    var steps: UInt32
  }

  struct Plan: Encodable, Sendable {
    var tick: Int
    /// [horizon × A]
    var actions: String
    /// [members × points × S]; nil without a model.
    var states: String?
    var members = 0
    var points = 0
    /// Ticks from point to point.
    var stride = 1
  }

  /// Tick, verdict, arming state, whether observed and overrun, disagreement, plan cost, time of the
  /// tick in ms.
  static let sampleHead = 7

  init(number: Int) { self.number = number }

  init(
    number: Int, _ view: LiveView, isAlive: Bool, samples: [LiveSample],
    rollouts: Fan.Rollouts?
  ) {
    self.number = number
    self.isAlive = isAlive
    let head = view.head
    phase = "\(head.phase)"
    arming = "\(head.arming)"
    isDisarmed = head.isDisarmed
    isLockstep = head.isLockstep
    isExploring = head.isExploring
    episode = Int(head.episode)
    ticks = Int(head.ticks)
    maximumTicks = Int(head.maximumTicks)
    overruns = Int(head.overruns)
    fallbacks = Int(head.fallbacks)
    episodeReturn = head.episodeReturn.isFinite ? head.episodeReturn : 0
    gate = head.gate.isFinite ? head.gate : nil
    if head.phase == .fitting {
      fit = Fit(transitions: head.fitTransitions, step: head.fitStep, steps: head.fitSteps)
    }
    if let last = view.samples.last, last.episode == head.episode {
      verdict = "\(last.verdict)"
      generation = Int(last.generation)
    }
    tickTimes = (0..<TickTimeCounts.count).map { head.tickTimes[$0] }
    self.samples = Frame.text(
      samples.filter { $0.episode == head.episode }.flatMap { Frame.row($0, view.shape) })
    guard head.hasPlan else { return }
    var plan = Plan(tick: Int(head.planTick), actions: Frame.text(view.plan))
    if let rollouts {
      plan.states = Frame.text(rollouts.states)
      (plan.members, plan.points) = (rollouts.memberCount, rollouts.pointCount)
      plan.stride = rollouts.stride
    }
    self.plan = plan
  }

  private static func row(_ sample: LiveSample, _ shape: LiveShape) -> [Float] {
    let flags: Float = (sample.hasObservation ? 1 : 0) + (sample.isOverrun ? 2 : 0)
    var row: [Float] = [
      Float(sample.tick), Float(sample.verdict.rawValue), Float(sample.arming.rawValue), flags,
      sample.disagreement, sample.planCost, Float(sample.tickNanoseconds) / 1e6,
    ]
    for i in 0..<shape.stateCount { row.append(sample.observation[i]) }
    for i in 0..<shape.actionCount { row.append(sample.action[i]) }
    return row
  }

  static func text(_ values: [Float]) -> String {
    let bits = values.map(\.bitPattern.littleEndian)
    return bits.withUnsafeBytes { Data($0).base64EncodedString() }
  }
}
