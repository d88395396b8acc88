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
  private let baud: Int

  public init(observations: Int, actions: Int, baud: Int, signed: Bool = false) {
    let bytes = max(
      ObservationMessage.frameLength(channels: observations, signed: signed),
      ActionMessage.frameLength(channels: actions, signed: signed))
    bitsPerTick = 10 * bytes
    available = 0.8 * Double(baud)
    self.baud = baud
  }

  /// Hz.
  public var largestRate: Double { available / Double(bitsPerTick) }
}

extension LinkBudget {
  /// Why the line is too slow for a rate in Hz; nil if it is fast enough.
  public func objection(to rate: Double) -> (found: String, allowed: String)? {
    guard rate > largestRate else { return nil }
    let needed = (rate * Double(bitsPerTick)).rounded(.up)
    // Cut, not rounded: the rate that the message names must itself be allowed.
    let largest = (largestRate * 10).rounded(.down) / 10
    let choice = largest >= 1 ? "at most \(Wording.number(largest)) Hz" : "a faster line"
    return (
      "\(Wording.number(rate)) Hz, which needs \(Wording.number(needed)) bit/s in one "
        + "direction (\(bitsPerTick) bits a tick)",
      "\(choice): 80 % of link.baud \(baud) is "
        + "\(Wording.number(available.rounded(.down))) bit/s"
    )
  }
}
