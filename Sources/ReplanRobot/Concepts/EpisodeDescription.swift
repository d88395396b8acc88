import Foundation

/// How long an episode lasts, where it starts and what counts as success.
public struct EpisodeDescription: Sendable, Equatable, Encodable {
  public enum Reset: String, Choice, Sendable {
    /// The plant's resting state.
    case rest
    /// A state drawn by the plant.
    case random
  }

  /// What brings the plant to that state.
  public enum ResetWay: String, Choice, Sendable {
    /// Its own command.
    case plant
    /// A person, with the plant disarmed.
    case `operator`
    /// A linear feedback, in an episode of its own.
    case controller
  }

  /// The feedback that brings the plant to rest, and how it is told that it is there.
  public struct Settling: Sendable, Equatable, Encodable {
    public let feedback: [FeedbackGain]
    /// All of them must hold over the last `hold` seconds.
    public let atRest: [Condition]
    public let hold: Double
  }

  /// True of a state if a channel is near a value.
  public struct Condition: Sendable, Equatable, Encodable {
    public let channel: String
    public let within: Double
    public let of: Double
    /// Index of the observation channel.
    public let index: Int
    public let isAngle: Bool

    /// - Units: the channel's; the distance of an angle is wrapped. Not a number is never near.
    public func holds(for value: Double) -> Bool {
      let distance = value - of
      return abs(isAngle ? remainder(distance, 2 * Double.pi) : distance) <= within
    }
  }

  public let seconds: Double
  public let reset: Reset
  /// In the order in which they are tried: the next one where a way is refused.
  public let resetBy: [ResetWay]
  /// How long the operator or the controller has, s.
  public let resetTimeout: Double
  /// Nil if the controller is none of the ways.
  public let settling: Settling?
  /// All of them must hold over the last `hold` seconds; empty: an episode never succeeds.
  public let success: [Condition]
  public let hold: Double
}

enum ConditionKeys {
  static let channel = Key<String>(
    "channel", .name, required: true, "Observation channel.")
  static let within = Key<Double>(
    "within", .above(0, to: 1e9), required: true, unit: "the channel's unit",
    "Largest distance from `of`; that of an angle is wrapped.")
  static let of = Key<Double>(
    "of", .any, default: 0, unit: "the channel's unit", "The value to be near to.")

  static let section = Section([channel.descriptor, within.descriptor, of.descriptor])
}

enum EpisodeKeys {
  static let seconds = Key<Double>(
    "seconds", .from(0.1, to: 3600), default: 4, unit: "s", "Longest duration of an episode.")
  static let reset = Key<EpisodeDescription.Reset>(
    "reset", default: .rest, "The state an episode starts from.")
  static let resetBy = Key<[String]>(
    "reset_by", someOf: EpisodeDescription.ResetWay.names,
    "What brings the plant to that state, in the order in which it is tried: `plant` by its own "
      + "command, `operator` by hand, with the plant disarmed, after a question at the terminal, "
      + "`controller` by `reset_feedback` until the plant is `at_rest`, in an episode of its own; "
      + "where it is named it comes first, and brings the plant to rest only. Where the plant refuses, or "
      + "the controller does not get there in time, the next one is tried. [plant] if absent.")
  static let resetTimeout = Key<Double>(
    "reset_timeout", .from(1, to: 3600), default: 60, unit: "s",
    "How long the operator or the controller has for it.")
  static let resetFeedback = Key<[Fields]>(
    "reset_feedback", listOf: FeedbackKeys.section, count: 0...32,
    "Gains of the way `controller`: the action is `safe` plus the sum of gain times distance from "
      + "target, clipped to the limits. It acts outside the envelope too, since that is where the way "
      + "back begins.")
  static let atRest = Key<[Fields]>(
    "at_rest", listOf: ConditionKeys.section, count: 0...32,
    "Conditions that say that the controller has brought the plant to rest.")
  static let restHold = Key<Double>(
    "rest_hold", .above(0, to: 3600), default: 0.5, unit: "s",
    "How long these have to hold, at most `reset_timeout`.")
  static let success = Key<[Fields]>(
    "success", listOf: ConditionKeys.section, count: 0...32,
    "Conditions that all hold over the last `hold` seconds of a successful episode.")
  static let hold = Key<Double>(
    "hold", .above(0, to: 3600), default: 1, unit: "s",
    "How long the conditions have to hold, at most `seconds`.")

  static let section = Section([
    seconds.descriptor, reset.descriptor, resetBy.descriptor, resetTimeout.descriptor,
    resetFeedback.descriptor, atRest.descriptor, restHold.descriptor, success.descriptor,
    hold.descriptor,
  ])
}

extension EpisodeDescription {
  init?(_ fields: Fields, _ channels: ChannelTable, _ diagnostics: inout Diagnostics) {
    let success = fields[EpisodeKeys.success]?.compactMap {
      Condition($0, channels, &diagnostics)
    }
    guard let seconds = fields[EpisodeKeys.seconds], let hold = fields.located(EpisodeKeys.hold)
    else { return nil }
    if hold.value > seconds {
      let origin = fields.has(EpisodeKeys.hold) ? "" : " (the default)"
      diagnostics.add(
        hold, found: Wording.number(hold.value) + origin,
        allowed: "at most \(Wording.number(seconds)), the seconds of the episode")
    }
    let names = fields[EpisodeKeys.resetBy]
    let ways = (names ?? []).compactMap(ResetWay.init(rawValue:)).nonEmpty ?? [.plant]
    Self.check(ways, fields, &diagnostics)
    let settling = Settling(ways, fields, channels, &diagnostics)
    guard let success, let reset = fields[EpisodeKeys.reset],
      let timeout = fields[EpisodeKeys.resetTimeout],
      names != nil || fields.isSound(EpisodeKeys.resetBy),
      settling != nil || !ways.contains(.controller)
    else { return nil }
    self.init(
      seconds: seconds, reset: reset, resetBy: ways, resetTimeout: timeout,
      settling: ways.contains(.controller) ? settling : nil, success: success, hold: hold.value)
  }

  private static func check(
    _ ways: [ResetWay], _ fields: Fields, _ diagnostics: inout Diagnostics
  ) {
    guard let place = fields.located(EpisodeKeys.resetBy) else { return }
    if Set(ways).count < ways.count {
      diagnostics.add(place, found: "a way twice", allowed: "each once")
    } else if ways.dropFirst().contains(.controller) {
      diagnostics.add(
        place, found: "controller after another way",
        allowed: "controller first: what it does not achieve is left to the others")
    } else if ways == [.controller], fields[EpisodeKeys.reset] == .random {
      diagnostics.add(
        place, found: "controller alone",
        allowed: "another way besides, with reset: random, as it "
          + "only brings the plant to rest")
    }
  }
}

extension EpisodeDescription.Settling {
  /// Nil if something is wrong with it; what is missing is a fault only where it is needed.
  init?(
    _ ways: [EpisodeDescription.ResetWay], _ fields: Fields, _ channels: ChannelTable,
    _ diagnostics: inout Diagnostics
  ) {
    let feedback = fields[EpisodeKeys.resetFeedback]?.compactMap {
      FeedbackGain($0, channels, &diagnostics)
    }
    let atRest = fields[EpisodeKeys.atRest]?.compactMap {
      EpisodeDescription.Condition($0, channels, &diagnostics)
    }
    guard let hold = fields.located(EpisodeKeys.restHold),
      let timeout = fields[EpisodeKeys.resetTimeout],
      fields.isSound(EpisodeKeys.resetFeedback), fields.isSound(EpisodeKeys.atRest)
    else { return nil }
    if hold.value > timeout {
      diagnostics.add(
        hold, found: Wording.number(hold.value),
        allowed: "at most \(Wording.number(timeout)), episode.reset_timeout")
    }
    if ways.contains(.controller), let place = fields.located(EpisodeKeys.resetBy) {
      for (values, name) in [(feedback?.count, "reset_feedback"), (atRest?.count, "at_rest")]
      where (values ?? 0) == 0 {
        diagnostics.add(
          place, found: "controller without \(name)",
          allowed: "episode.\(name) with 1...32 entries")
      }
    }
    self.init(feedback: feedback ?? [], atRest: atRest ?? [], hold: hold.value)
  }
}

extension EpisodeDescription.Condition {
  init?(_ fields: Fields, _ channels: ChannelTable, _ diagnostics: inout Diagnostics) {
    guard let name = fields.located(ConditionKeys.channel),
      let channel = channels.observation(name, &diagnostics),
      let index = channels.observationNames.firstIndex(of: name.value),
      let within = fields[ConditionKeys.within], let of = fields[ConditionKeys.of]
    else { return nil }
    self.init(
      channel: name.value, within: within, of: of, index: index,
      isAngle: channel[ObservationKeys.kind] == .angle)
  }
}

extension Array {
  fileprivate var nonEmpty: Self? { isEmpty ? nil : self }
}
