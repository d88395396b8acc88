import ReplanCore
import ReplanFaults
import ReplanRobot

/// The entries of a scenario's `expect` list: each has one key, which tells its kind.
enum ExpectationKeys {
  static let within = Key<Double>(
    "within", .above(0, to: 3600), required: true, unit: "s", "By when.")
  static let milliseconds = Key<Double>(
    "within_ms", .above(0, to: 3_600_000), required: true, unit: "ms", "How soon.")
  static let of = Key<Double>(
    "of", .from(0, to: 3600), unit: "s", "Since when; the default follows from the faults.")
  static let from = Key<Double>(
    "from", .from(0, to: 3600), required: true, unit: "s", "From when on.")
  static let atLeast = Key<Int>("at_least", 0...1_000_000, default: 0, "Fewest ticks.")
  static let atMost = Key<Int>("at_most", 0...1_000_000, default: 1_000_000, "Most ticks.")
  static let contains = Key<String>(
    "contains", .line, required: true, "Words that the refusal contains.")
  private static let count = Section([atLeast.descriptor, atMost.descriptor])
  static let fault = Key<String>(
    "fault", oneOf: FaultSchedule.names + ControllerFault.Kind.allCases.map(\.rawValue),
    "Which; each of the scenario's where it is left out.")
  static let times = Key<Int>("at_least", 0...1_000_000, default: 1, "Fewest times.")

  static let reachesTarget = Key<Fields>(
    "reaches_target", Section([within.descriptor]), required: true,
    "The success conditions hold for their hold time, by then.")
  static let holdsTarget = Key<Fields>(
    "holds_target", Section([from.descriptor]), required: true,
    "The success conditions hold from then on.")
  static let staysInEnvelope = Key<Bool>(
    mark: "stays_in_envelope", "The plant never leaves the robot's envelope.")
  static let fallback = Key<Fields>(
    "fallback", Section([milliseconds.descriptor, of.descriptor]), required: true,
    "A fallback verdict comes that soon after the fault.")
  static let recovers = Key<Fields>(
    "recovers", Section([within.descriptor, of.descriptor]), required: true,
    "That soon after the fault every action is planned again.")
  static let recoversOrStops = Key<Bool>(
    mark: "recovers_or_stops",
    "Plans are executed at the end of the episode, or it has ended early with the cause named.")
  static let noOverruns = Key<Bool>(mark: "no_overruns", "No tick misses its deadline.")
  static let plantSafe = Key<Fields>(
    "plant_safe", Section([milliseconds.descriptor, of.descriptor]), required: true,
    "The plant applies its safe action by itself, that soon after the fault.")
  static let ends = Key<String>(
    "ends", oneOf: Word.ends, required: true, "How the episode ends.")
  static let endsOneOf = Key<[String]>(
    "ends_one_of", someOf: Word.ends, required: true, "How the episode may end.")
  static let verdicts = Key<Entries>(
    "verdicts", channelsTo: .section(count), "How often verdicts come.")
  static let actionsInLimits = Key<Bool>(
    mark: "actions_in_limits", "No action leaves its limits or its slew.")
  static let error = Key<Fields>(
    "error", Section([contains.descriptor]), required: true, "The run is refused with these words.")
  static let recording = Key<String>(
    "recording", oneOf: Expectation.Completeness.allCases.map(\.rawValue), required: true,
    "What the episode's file holds.")

  static let faultsAct = Key<Fields>(
    "faults_act", Section([fault.descriptor, times.descriptor]), required: true,
    "The faults have acted, each as often as that.")

  static let section = Section(
    [], selectedBy: .presence,
    [
      reachesTarget.descriptor, holdsTarget.descriptor, staysInEnvelope.descriptor,
      fallback.descriptor, recovers.descriptor, recoversOrStops.descriptor, noOverruns.descriptor,
      plantSafe.descriptor,
      ends.descriptor, endsOneOf.descriptor, verdicts.descriptor, actionsInLimits.descriptor,
      error.descriptor,
      recording.descriptor, faultsAct.descriptor,
    ].map { Section.Variant(name: $0.name, keys: [$0]) })
}

extension Expectation {
  init?(_ fields: Fields, _ diagnostics: inout Diagnostics) {
    typealias Keys = ExpectationKeys
    if let found = Self.timed(fields) ?? Self.plain(fields, &diagnostics) {
      self = found
    } else {
      return nil
    }
  }

  /// Those that have a time.
  private static func timed(_ fields: Fields) -> Expectation? {
    typealias Keys = ExpectationKeys
    func inner(_ key: Key<Fields>) -> Fields? { fields.has(key) ? fields[key] : nil }
    if let within = inner(Keys.reachesTarget)?[Keys.within] {
      return .reachesTarget(within: within)
    }
    if let from = inner(Keys.holdsTarget)?[Keys.from] { return .holdsTarget(from: from) }
    if let entry = inner(Keys.fallback), let within = entry[Keys.milliseconds] {
      return .fallback(withinMilliseconds: within, of: entry[Keys.of])
    }
    if let entry = inner(Keys.plantSafe), let within = entry[Keys.milliseconds] {
      return .plantSafe(withinMilliseconds: within, of: entry[Keys.of])
    }
    if let entry = inner(Keys.recovers), let within = entry[Keys.within] {
      return .recovers(within: within, of: entry[Keys.of])
    }
    return nil
  }

  private static func plain(_ fields: Fields, _ diagnostics: inout Diagnostics) -> Expectation? {
    typealias Keys = ExpectationKeys
    let marks: [(Key<Bool>, Expectation)] = [
      (Keys.staysInEnvelope, .staysInEnvelope), (Keys.noOverruns, .noOverruns),
      (Keys.actionsInLimits, .actionsInLimits), (Keys.recoversOrStops, .recoversOrStops),
    ]
    for (key, expectation) in marks {
      guard let mark = fields.located(key) else { continue }
      if !mark.value {
        diagnostics.add(mark, found: "false", allowed: "true; leave the entry out otherwise")
      }
      return expectation
    }
    if let word = fields[Keys.ends] { return .ends([word]) }
    if let words = fields[Keys.endsOneOf] { return .ends(words) }
    if let words = fields.has(Keys.error) ? fields[Keys.error]?[Keys.contains] : nil {
      return .error(contains: words)
    }
    if let completeness = fields[Keys.recording].flatMap(Completeness.init(rawValue:)) {
      return .recording(completeness)
    }
    if fields.has(Keys.faultsAct), let entry = fields[Keys.faultsAct], let times = entry[Keys.times]
    {
      return .faultsAct(of: entry[Keys.fault], atLeast: times)
    }
    guard fields.has(Keys.verdicts), let entries = fields[Keys.verdicts] else { return nil }
    return .verdicts(entries.entries.compactMap { count($0, &diagnostics) })
  }

  private static func count(
    _ entry: Entries.Entry, _ diagnostics: inout Diagnostics
  ) -> Count? {
    guard let verdict = Word.verdicts.first(where: { Word.of($0) == entry.name.value }) else {
      diagnostics.add(
        entry.name, found: Wording.quoted(entry.name.value),
        allowed: Wording.choice(
          of: Word.verdicts.map { Word.of($0) }, insteadOf: entry.name.value))
      return nil
    }
    guard let fields = Fields(entry.value), let low = fields[ExpectationKeys.atLeast],
      let high = fields.located(ExpectationKeys.atMost)
    else { return nil }
    guard low <= high.value else {
      diagnostics.add(
        high, found: "\(high.value)", allowed: "at_least, \(low), or more")
      return nil
    }
    return Count(verdict: verdict, range: low...high.value)
  }
}
