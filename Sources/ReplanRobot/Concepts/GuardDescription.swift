import ReplanCore

/// What the guard bridges, what it looks ahead for, and what it falls back to.
public struct GuardDescription: Sendable, Equatable, Encodable {
  public enum Fallback: String, Choice, Sendable {
    case safe, hold, lqr, feedback
  }

  /// What a tick that was missed, or ended after the next was due, leads to.
  public enum Overrun: String, Choice, Sendable {
    case skip, stop
  }

  /// Ticks without a fresh observation that prediction bridges.
  public let staleTicks: Int
  /// Ticks that the last plan is followed when no new one is ready.
  public let shiftedTicks: Int
  public let fallback: Fallback
  /// Gains of the fallback `feedback`.
  public let feedback: [FeedbackGain]
  /// Seconds of fallback after which the loop stops for good.
  public let stopAfter: Double
  public let overrun: Overrun
  /// Seconds of a plan, at most its horizon, that are held against the envelope.
  public let lookAhead: Double
  /// Share of the central region of outcomes that has to stay inside the envelope.
  public let confidence: Double
  /// Multiple of the model's usual disagreement beyond which nothing is known; nil for no bound.
  public let gate: Double?
  /// Ticks from now that a plan has to lie within what is known.
  public let knownTicks: Int
}

enum GuardKeys {
  static let staleTicks = Key<Int>(
    "stale_ticks", 0...15, default: 2, unit: "ticks",
    "So long a missing observation is bridged by prediction; then the fallback.")
  static let shiftedTicks = Key<Int>(
    "shifted_ticks", 0...15, default: 3, unit: "ticks",
    "So long the last plan is followed when no new one is ready; then the fallback.")
  static let fallback = Key<GuardDescription.Fallback>(
    "fallback", default: .safe,
    "`safe` goes to the safe action within the slew limit, `hold` keeps the last action, `lqr` "
      + "regulates to the objective's target, `feedback` follows the gains of that key. The last two "
      + "need the state to be known (outside the envelope, or without a plan) and are `safe` elsewhere."
  )
  static let feedback = Key<[Fields]>(
    "feedback", listOf: FeedbackKeys.section, count: 0...32,
    "Gains of the fallback `feedback`: the action is `safe` plus the sum of gain times distance from "
      + "the target.")
  static let stopAfter = Key<Double>(
    "stop_after", .above(0, to: 3600), default: 1, unit: "s",
    "So long the fallback may last without a break; then the plant is disarmed and stays so until "
      + "somebody starts anew.")
  static let overrun = Key<GuardDescription.Overrun>(
    "overrun", default: .skip,
    "`skip` counts a tick that was missed and keeps the phase, `stop` disarms the plant. Missed ticks "
      + "are never made up for.")
  static let lookAhead = Key<Double>(
    "look_ahead", .from(0, to: 60), default: 0.5, unit: "s",
    "So much of a plan has to stay inside the envelope, as the model predicts it, or a more cautious "
      + "plan is executed, or the fallback. At most the planner's horizon; 0 for none of it.")
  static let confidence = Key<Double>(
    "confidence", .from(0.5, below: 1), default: 0.95,
    "The share of the central region of predicted outcomes whose worst end has to stay inside the "
      + "envelope.")
  static let gate = Key<Double>(
    "gate", .from(1, to: 1e6),
    "`run` refuses plans where the model's members disagree by more than so many times the 99 % "
      + "quantile of the transitions held out when it was fitted; no bound if absent. Learning has to "
      + "leave what is known, so it takes no notice.")
  static let knownTicks = Key<Int>(
    "known_ticks", 1...15, default: 3, unit: "ticks",
    "With a gate, so much of a plan, from now, has to lie within what is known.")

  static let section = Section([
    staleTicks.descriptor, shiftedTicks.descriptor, fallback.descriptor, feedback.descriptor,
    stopAfter.descriptor, overrun.descriptor, lookAhead.descriptor, confidence.descriptor,
    gate.descriptor, knownTicks.descriptor,
  ])
}

extension GuardDescription {
  init?(_ fields: Fields, _ channels: ChannelTable, _ diagnostics: inout Diagnostics) {
    let gains = fields[GuardKeys.feedback]?.compactMap {
      FeedbackGain($0, channels, &diagnostics)
    }
    guard let lookAhead = fields[GuardKeys.lookAhead],
      let staleTicks = fields[GuardKeys.staleTicks],
      let shiftedTicks = fields[GuardKeys.shiftedTicks],
      let fallback = fields.located(GuardKeys.fallback), let gains,
      let stopAfter = fields[GuardKeys.stopAfter], let overrun = fields[GuardKeys.overrun],
      let confidence = fields[GuardKeys.confidence], let knownTicks = fields[GuardKeys.knownTicks]
    else { return nil }
    if fallback.value == .feedback && gains.isEmpty && fields.isSound(GuardKeys.feedback) {
      diagnostics.add(
        fallback, found: "feedback without gains", allowed: "guard.feedback with 1...32 entries")
    }
    self.init(
      staleTicks: staleTicks, shiftedTicks: shiftedTicks, fallback: fallback.value,
      feedback: gains, stopAfter: stopAfter, overrun: overrun,
      lookAhead: lookAhead, confidence: confidence,
      gate: fields[GuardKeys.gate], knownTicks: knownTicks)
  }
}
