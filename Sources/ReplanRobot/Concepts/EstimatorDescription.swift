/// How the state is found from observations that do not hold all of it.
public struct EstimatorDescription: Sendable, Equatable, Encodable {
  public enum Kind: String, Choice, Sendable {
    /// Every channel is measured and taken as it is.
    case none
    /// Velocities are differences of positions.
    case difference
    /// Differences through a low-pass.
    case lowpass
    /// A Kalman filter with the model in use.
    case kalman
    /// Past observations and actions stand for what is not measured.
    case history
  }

  public let kind: Kind
  /// Hz; nil for a tenth of the rate.
  public let cutoff: Double?
  /// Standard deviations of what the model leaves out in a tick, by channel, in its unit.
  public let processNoise: [String: Double]
  /// Ticks that the state reaches back; nil leaves it to the identification.
  public let ticks: Int?
}

enum EstimatorKeys {
  static let kind = Key<EstimatorDescription.Kind>(
    "kind", default: EstimatorDescription.Kind.none,
    "`none` takes observations as they are, `difference` finds a velocity from the change of its "
      + "position and lags by half a tick, `lowpass` smooths that and lags by 1 / (2 pi cutoff) more, "
      + "`kalman` filters all channels with the model in use, `history` lets past observations and "
      + "actions stand for what is not measured.")
  static let cutoff = Key<Double>(
    "cutoff", .above(0, to: 500), unit: "Hz",
    "What is faster counts as noise: below half the rate; a tenth of the rate if absent.")
  static let processNoise = Key<Entries>(
    "process_noise", channelsTo: .number(.from(0, to: 1e9)), unit: "the channel's unit",
    "Standard deviation of what the model leaves out in a tick; by default from the noise and the "
      + "cutoff. A channel that is neither measured nor a velocity of one needs it.")
  static let ticks = Key<Int>(
    "ticks", 1...31, unit: "ticks",
    "How far the state reaches back; if absent, identification chooses on held-out data.")

  static let section = Section(
    [kind.descriptor],
    selectedBy: .value(of: "kind", standard: EstimatorDescription.Kind.none.rawValue),
    [
      variant(.none, []), variant(.difference, []), variant(.lowpass, [cutoff.descriptor]),
      variant(.kalman, [cutoff.descriptor, processNoise.descriptor]),
      variant(.history, [ticks.descriptor]),
    ])

  private static func variant(
    _ kind: EstimatorDescription.Kind, _ keys: [KeyDescriptor]
  ) -> Section.Variant {
    Section.Variant(name: kind.rawValue, keys: keys)
  }
}

/// What the file says of it: a word, or a section.
package enum WrittenEstimator: KeyValue {
  case word(EstimatorDescription.Kind)
  case section(Fields)

  package init?(_ checked: Located<CheckedValue>) {
    switch checked.value {
    case .text(let text):
      guard let kind = EstimatorDescription.Kind(rawValue: text) else { return nil }
      self = .word(kind)
    case .section(let fields): self = .section(fields)
    default: return nil
    }
  }
}

extension EstimatorDescription {
  /// - Parameters:
  ///   - observations: the channels as the file has them; nil where they have faults.
  ///   - structure: nil where it has faults.
  init?(
    _ written: Located<WrittenEstimator>, rate: Double?, observations: [Fields]?,
    structure: DeclaredStructure?, _ channels: ChannelTable, _ diagnostics: inout Diagnostics
  ) {
    switch written.value {
    case .word(let kind):
      self.init(kind: kind, cutoff: nil, processNoise: [:], ticks: nil)
    case .section(let fields):
      guard let kind = fields[EstimatorKeys.kind] else { return nil }
      var noise: [String: Double] = [:]
      for entry in fields[EstimatorKeys.processNoise]?.entries ?? [] {
        guard channels.observation(entry.name, &diagnostics) != nil else { continue }
        noise[entry.name.value] = Double(entry.value)
      }
      Self.checkCutoff(fields, rate, &diagnostics)
      self.init(
        kind: kind, cutoff: fields[EstimatorKeys.cutoff], processNoise: noise,
        ticks: fields[EstimatorKeys.ticks])
    }
    guard let observations, let structure else { return }
    EstimatorCheck(description: self, written: written, structure: structure, observations)
      .run(&diagnostics)
  }

  private static func checkCutoff(
    _ fields: Fields, _ rate: Double?, _ diagnostics: inout Diagnostics
  ) {
    guard let cutoff = fields.located(EstimatorKeys.cutoff), let rate, cutoff.value >= rate / 2
    else { return }
    diagnostics.add(
      cutoff, found: "\(Wording.number(cutoff.value)) Hz",
      allowed: "below half the rate, \(Wording.number(rate / 2)) Hz")
  }
}

/// What the estimator asks of the channels.
private struct EstimatorCheck {
  let description: EstimatorDescription
  let written: Located<WrittenEstimator>
  /// Position by velocity.
  let positions: [String: String]
  let channels: [(name: Located<String>, isMeasured: Bool, noise: Double?)]

  init(
    description: EstimatorDescription, written: Located<WrittenEstimator>,
    structure: DeclaredStructure, _ observations: [Fields]
  ) {
    self.description = description
    self.written = written
    positions = Dictionary(
      structure.secondOrder.map { ($0.velocity, $0.position) }, uniquingKeysWith: { a, _ in a })
    channels = observations.compactMap { fields in
      guard let name = fields.located(ObservationKeys.name),
        let isMeasured = fields[ObservationKeys.measured]
      else { return nil }
      return (name, isMeasured, fields[ObservationKeys.noise])
    }
  }

  func run(_ diagnostics: inout Diagnostics) {
    let unmeasured = channels.filter { !$0.isMeasured }
    if !channels.isEmpty, unmeasured.count == channels.count {
      diagnostics.add(
        channels[0].name, found: "no channel that is measured", allowed: "one measured channel")
      return
    }
    switch description.kind {
    case .none, .history:
      for channel in unmeasured {
        diagnostics.add(
          channel.name,
          found: "\(channel.name.value), not measured, with estimator "
            + description.kind.rawValue,
          allowed: description.kind == .none
            ? "estimator difference, lowpass or kalman, which say where it comes from"
            : "the measured channels only: the history stands for the others")
      }
    case .difference, .lowpass:
      for channel in unmeasured where !isVelocity(channel.name.value) {
        diagnostics.add(channel.name, found: foundNoPosition(channel.name.value), allowed: remedy)
      }
    case .kalman: checkKalman(&diagnostics)
    }
  }

  private func checkKalman(_ diagnostics: inout Diagnostics) {
    for channel in channels {
      let name = channel.name.value
      if channel.isMeasured, channel.noise ?? 0 <= 0 {
        diagnostics.add(
          channel.name, found: "\(name) without noise, with estimator kalman",
          allowed: "noise above 0: the filter weighs the observation by it")
      }
      if !channel.isMeasured, !isVelocity(name), description.processNoise[name] ?? 0 <= 0 {
        diagnostics.add(
          channel.name, found: foundNoPosition(name),
          allowed: remedy + ", or estimator.process_noise of it above 0")
      }
    }
  }

  private func isVelocity(_ name: String) -> Bool {
    guard let position = positions[name] else { return false }
    return channels.contains { $0.name.value == position && $0.isMeasured }
  }

  private func foundNoPosition(_ name: String) -> String {
    "\(name), neither measured nor the velocity of a measured position"
  }

  private var remedy: String { "structure.second_order: {POSITION: velocity} for it" }
}
