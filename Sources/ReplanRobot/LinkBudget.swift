import ReplanWire

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
