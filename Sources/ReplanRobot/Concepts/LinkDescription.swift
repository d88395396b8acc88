import ReplanWire

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
    "The tick wakes so long after its sample is due, less than a period; the default gives way "
      + "to a tenth of the period.")
  static let timeout = Key<Double>(
    "timeout", .from(0.1, to: 600), default: 3, unit: "s",
    "The plant counts as not reached after so long without an answer.")

  static let section = Section([
    device.descriptor, baud.descriptor, simulator.descriptor, output.descriptor,
    lead.descriptor, timeout.descriptor,
  ])
}

extension LinkDescription {
  init?(_ fields: Fields, rate: Double?, _ diagnostics: inout Diagnostics) {
    guard let baud = fields[LinkKeys.baud], let output = fields[LinkKeys.output],
      let lead = fields.located(LinkKeys.lead), let timeout = fields[LinkKeys.timeout]
    else { return nil }
    var milliseconds = lead.value
    if let rate {
      let period = 1000 / rate
      if !fields.has(LinkKeys.lead) {
        milliseconds = min(milliseconds, period / 10)
      } else if milliseconds >= period {
        diagnostics.add(
          lead, found: "\(Wording.number(milliseconds)) ms",
          allowed: "below the period, \(Wording.number(period)) ms")
      }
    }
    self.init(
      device: fields[LinkKeys.device], baud: baud, simulator: fields[LinkKeys.simulator],
      output: output, lead: milliseconds, timeout: timeout)
  }
}

/// What one tick costs on the line, and what the line carries.
///
/// One observation and one action a tick, each in a frame of full length, 10 bits a byte; the
/// directions are independent. A fifth of the capacity is left to heartbeats, clock
/// synchronisation, commands and their answers.
public struct LinkBudget: Sendable, Equatable {
  /// Bits of one tick in the direction that carries more.
  public let bitsPerTick: Int
  /// Bits per second that ticks may take in one direction.
  public let available: Double

  public init(observations: Int, actions: Int, baud: Int, signed: Bool = false) {
    let bytes = max(
      ObservationMessage.frameLength(channels: observations, signed: signed),
      ActionMessage.frameLength(channels: actions, signed: signed))
    bitsPerTick = 10 * bytes
    available = 0.8 * Double(baud)
  }

  /// Hz.
  public var largestRate: Double { available / Double(bitsPerTick) }
}

extension LinkBudget {
  static func check(
    _ rate: Located<Double>, observations: Int, actions: Int, baud: Int,
    _ diagnostics: inout Diagnostics
  ) {
    let budget = LinkBudget(observations: observations, actions: actions, baud: baud)
    guard rate.value > budget.largestRate else { return }
    let needed = (rate.value * Double(budget.bitsPerTick)).rounded(.up)
    // Cut, not rounded: the rate that the message names must itself be allowed.
    let largest = (budget.largestRate * 10).rounded(.down) / 10
    let choice = largest >= 1 ? "at most \(Wording.number(largest)) Hz" : "a faster line"
    diagnostics.add(
      rate,
      found: "\(Wording.number(rate.value)) Hz, which needs \(Wording.number(needed)) bit/s in one "
        + "direction (\(budget.bitsPerTick) bits a tick)",
      allowed: "\(choice): 80 % of link.baud \(baud) is "
        + "\(Wording.number(budget.available.rounded(.down))) bit/s")
  }
}
