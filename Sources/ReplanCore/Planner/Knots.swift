/// How finely the sampled noise of a plan is resolved: one number every few ticks.
///
/// Knots lie at multiples of `ticks` in the ticks of the episode, not of the plan, so that a
/// shifted plan has its knots where the next tick's noise has them: a held action is really held.
public struct Knots: Sendable, BitwiseCopyable, Equatable {
  public enum Interpolation: UInt8, Sendable, BitwiseCopyable {
    /// The value of the last knot.
    case hold
    /// The straight line between two knots.
    case linear
  }

  /// Ticks from one knot to the next. 1 to 100.
  public var ticks: Int
  public var interpolation: Interpolation

  public init(every ticks: Int = 1, _ interpolation: Interpolation = .hold) {
    precondition(ticks >= 1 && ticks <= 100, "knots lie 1 to 100 ticks apart")
    self.ticks = ticks
    self.interpolation = interpolation
  }

  /// Knots that a horizon needs at most, whatever its phase.
  func count(horizon: Int) -> Int {
    guard ticks > 1 else { return horizon }
    let last = (horizon + ticks - 2) / ticks
    return interpolation == .hold ? last + 1 : last + 2
  }

  /// Ticks from the last knot to the first tick of a plan that starts at `tick`.
  func phase(_ tick: Int) -> Int { ((tick % ticks) + ticks) % ticks }
}
