/// The cost that planning minimises: a sum of weighted terms, each over one channel.
public struct ObjectiveDescription: Sendable, Equatable, Encodable {
  public let terms: [TermDescription]
  /// Factor of the state terms on the last state of the horizon.
  public let terminal: Double
  /// Weight of the cost that the ensemble learns from what the plant measures; 0 for none.
  public let learnedCost: Double
}

/// One weighted term of the objective.
public struct TermDescription: Sendable, Equatable, Encodable {
  public enum Kind: String, Choice, Sendable {
    case quadratic, angle, range, action
    case actionRate = "action_rate"

    var isOfAction: Bool { self == .action || self == .actionRate }
  }

  public let kind: Kind
  public let channel: String
  public let weight: Double
  public let target: Double
  /// In the channel's unit; for `action_rate` in that unit per tick.
  public let scale: Double
  /// Nil where there is no bound.
  public let low: Double?
  public let high: Double?
}

enum TermKeys {
  static let weight = Key<Double>(
    "weight", .from(0, to: 1e6), default: 1, "Weight in the sum of the terms.")
  static let target = Key<Double>(
    "target", .any, default: 0, unit: "the channel's unit", "Where the term costs nothing.")
  static let scale = Key<Double>(
    "scale", .from(1e-6, to: 1e9), default: 1, unit: "the channel's unit",
    "The distance that costs `weight`.")
  static let rateScale = Key<Double>(
    "scale", .from(1e-6, to: 1e9), default: 1, unit: "the channel's unit per tick",
    "The change from tick to tick that costs `weight`.")
  static let low = Key<Double>(
    "low", .any, unit: "the channel's unit", "Values below cost; no bound if absent.")
  static let high = Key<Double>(
    "high", .any, unit: "the channel's unit", "Values above cost; no bound if absent.")

  static func channel(_ kind: TermDescription.Kind, _ summary: String) -> Key<String> {
    Key<String>(kind.rawValue, .name, required: true, summary)
  }

  static let quadratic = channel(
    .quadratic, "Observation channel; costs weight * ((x - target) / scale)^2.")
  static let angle = channel(
    .angle, "Observation channel of kind angle; costs weight * (1 - cos(x - target)).")
  static let range = channel(
    .range, "Observation channel; costs weight * (distance outside low...high / scale)^2.")
  static let action = channel(
    .action, "Action channel; costs weight * ((a - target) / scale)^2.")
  static let actionRate = channel(
    .actionRate, "Action channel; costs weight * (change from tick to tick / scale)^2.")

  static let section = Section(
    [weight.descriptor], selectedBy: .presence,
    [
      variant(.quadratic, [quadratic.descriptor, target.descriptor, scale.descriptor]),
      variant(.angle, [angle.descriptor, target.descriptor]),
      variant(.range, [range.descriptor, low.descriptor, high.descriptor, scale.descriptor]),
      variant(.action, [action.descriptor, target.descriptor, scale.descriptor]),
      variant(.actionRate, [actionRate.descriptor, rateScale.descriptor]),
    ])

  private static func variant(
    _ kind: TermDescription.Kind, _ keys: [KeyDescriptor]
  ) -> Section.Variant {
    Section.Variant(name: kind.rawValue, keys: keys)
  }

  static func channel(of kind: TermDescription.Kind) -> Key<String> {
    switch kind {
    case .quadratic: quadratic
    case .angle: angle
    case .range: range
    case .action: action
    case .actionRate: actionRate
    }
  }
}

enum ObjectiveKeys {
  static let terms = Key<[Fields]>(
    "terms", listOf: TermKeys.section, count: 0...32,
    "The terms; the cost is their sum. At least one, unless `learned_cost` is above 0.")
  static let terminal = Key<Double>(
    "terminal", .from(0, to: 1e6), default: 1,
    "Factor of the state terms on the last state of the horizon.")

  static let learnedCost = Key<Double>(
    "learned_cost", .from(0, to: 1e6), default: 0,
    "Weight of a cost that joins the terms or replaces them: the ensemble learns it from the cost "
      + "that the plant measures (capability `cost` on the wire).")

  static let section = Section(
    [terms.descriptor, terminal.descriptor, learnedCost.descriptor],
    rules: [
      Section.Rule(list: terms.descriptor.name, weight: learnedCost.descriptor.name)
    ])
}

extension ObjectiveDescription {
  init?(_ fields: Fields, _ channels: ChannelTable, _ diagnostics: inout Diagnostics) {
    let terms = fields[ObjectiveKeys.terms]?.compactMap {
      TermDescription($0, channels, &diagnostics)
    }
    let learnedCost = fields[ObjectiveKeys.learnedCost]
    if learnedCost == 0, fields.isSound(ObjectiveKeys.terms), terms?.isEmpty == true {
      let place = fields.located(ObjectiveKeys.terms)
      let isMissing = !fields.has(ObjectiveKeys.terms)
      diagnostics.add(
        place?.position ?? fields.position, fields.path(ObjectiveKeys.terms.descriptor.name),
        found: isMissing ? "nothing" : "0 entries",
        allowed: "1...32 entries, or a learned_cost above 0")
    }
    guard let terms, let learnedCost, let terminal = fields[ObjectiveKeys.terminal] else {
      return nil
    }
    self.init(terms: terms, terminal: terminal, learnedCost: learnedCost)
  }
}

extension TermDescription {
  init?(_ fields: Fields, _ channels: ChannelTable, _ diagnostics: inout Diagnostics) {
    let present = Kind.allCases.first {
      let key = TermKeys.channel(of: $0)
      return fields.has(key) || !fields.isSound(key)
    }
    guard let kind = present else { return nil }
    if kind == .range { Self.checkBounds(fields, &diagnostics) }
    guard let channel = fields.located(TermKeys.channel(of: kind)) else { return nil }
    let declared =
      kind.isOfAction
      ? channels.action(channel, &diagnostics) : channels.observation(channel, &diagnostics)
    if kind == .angle, let declared, declared[ObservationKeys.kind] == .linear {
      diagnostics.add(
        channel, found: "\(channel.value), of kind linear",
        allowed: "a channel of kind angle; quadratic suits a linear one")
    }
    guard let weight = fields[TermKeys.weight], let target = fields[TermKeys.target],
      let scale = fields[TermKeys.scale]
    else { return nil }
    self.init(
      kind: kind, channel: channel.value, weight: weight, target: target, scale: scale,
      low: fields[TermKeys.low], high: fields[TermKeys.high])
  }

  private static func checkBounds(_ fields: Fields, _ diagnostics: inout Diagnostics) {
    guard fields.isSound(TermKeys.low), fields.isSound(TermKeys.high) else { return }
    let (low, high) = (fields[TermKeys.low], fields[TermKeys.high])
    if low == nil, high == nil {
      diagnostics.add(
        fields.position, fields.path, found: "neither low nor high", allowed: "one of them or both")
    } else if let low, let high, low >= high, let place = fields.located(TermKeys.high) {
      diagnostics.add(
        place, found: Wording.number(high), allowed: "above low, \(Wording.number(low))")
    }
  }
}
