/// How much is added to the curvature in the actions, beyond the fixed regularisation: more after a
/// failed step, at a growing rate, and less after a successful one.
///
/// - Source: Tassa, Erez and Todorov 2012, Synthesis and stabilization of complex behaviors through
///   online trajectory optimization, section II-F, doi 10.1109/IROS.2012.6386025; as used by Tassa
///   et al. 2014. Deviation: the least amount is of the order of the fixed regularisation instead of
///   1e-6, as the step sizes tried side by side make up for small amounts.
struct RegularisationSchedule: BitwiseCopyable {
  private(set) var amount: Float = 0
  private var factor: Float = 1
  private let least: Float
  private static var growth: Float { 2 }
  /// Beyond this no step is worth its time.
  static var most: Float { 1e6 }

  /// - Parameter regularisation: the fixed one.
  init(regularisation: Float) { least = max(regularisation, 1e-3) }

  mutating func raise() {
    factor = max(RegularisationSchedule.growth, factor * RegularisationSchedule.growth)
    amount = min(
      max(least, amount * factor), 2 * RegularisationSchedule.most)
  }

  mutating func lower() {
    factor = min(1 / RegularisationSchedule.growth, factor / RegularisationSchedule.growth)
    let next = amount * factor
    amount = next < least ? 0 : next
  }
}
