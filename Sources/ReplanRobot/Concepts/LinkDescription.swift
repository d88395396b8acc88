/// How the plant is reached, and when in its period the loop wakes.
public struct LinkDescription: Sendable, Equatable, Encodable {
  public enum Output: String, Choice, Sendable {
    /// The action planned from observation k is sent at the edge of sample k + 1.
    case nextTick = "next-tick"
    /// The action is sent as soon as it is planned.
    case immediate
  }

  /// Path of the serial port; nil if the command line names it.
  public let device: String?
  /// Bits per second.
  public let baud: Int
  /// Name of the plant in firmware-sim; nil if it has none.
  public let simulator: String?
  public let output: Output
  /// Milliseconds.
  public let lead: Double
  /// Seconds.
  public let timeout: Double
}

enum LinkKeys {
  static let device = Key<String>(
    "device", .line, "Path of the serial port; `--device` overrides it.")
  static let baud = Key<Int>(
    "baud", 1200...12_000_000, default: 921_600, unit: "bits per second",
    "Speed of the line; it has to carry one observation and one action a tick. "
      + "The default carries 4 channels at 1 kHz and 32 at 455 Hz.")
  static let simulator = Key<String>(
    "simulator", .simulator, "Name of the plant in firmware-sim; `--sim` overrides it.")
  static let output = Key<LinkDescription.Output>(
    "output", default: .nextTick,
    "`next-tick` sends an action at the edge of the next sample, which keeps planning time out "
      + "of the plant's timing; `immediate` sends it as soon as it is planned.")
  static let lead = Key<Double>(
    "lead", .from(0, to: 1000), default: 1, unit: "ms",
    "The tick wakes so long after its sample is due, at most a quarter of a period; the default gives way "
      + "to a tenth of the period.")
  static let timeout = Key<Double>(
    "timeout", .from(0.1, to: 600), default: 3, unit: "s",
    "While streaming, the plant counts as silent after so long without an observation.")

  static let section = Section([
    device.descriptor, baud.descriptor, simulator.descriptor, output.descriptor,
    lead.descriptor, timeout.descriptor,
  ])
}

extension LinkDescription {
  init?(_ fields: Fields, rate: Double?, _ diagnostics: inout Diagnostics) {
    let lead = Self.lead(fields, rate: rate, &diagnostics)
    guard let baud = fields[LinkKeys.baud], let output = fields[LinkKeys.output], let lead,
      let timeout = fields[LinkKeys.timeout]
    else { return nil }
    self.init(
      device: fields[LinkKeys.device], baud: baud, simulator: fields[LinkKeys.simulator],
      output: output, lead: lead, timeout: timeout)
  }

  private static func lead(
    _ fields: Fields, rate: Double?, _ diagnostics: inout Diagnostics
  ) -> Double? {
    guard let lead = fields.located(LinkKeys.lead), let rate else { return nil }
    let period = 1000 / rate
    guard fields.has(LinkKeys.lead) else { return min(lead.value, period / 10) }
    if lead.value > period / 4 {
      diagnostics.add(
        lead, found: "\(Wording.number(lead.value)) ms",
        allowed: "at most a quarter of the period, \(Wording.number(period / 4)) ms")
    }
    return lead.value
  }
}
