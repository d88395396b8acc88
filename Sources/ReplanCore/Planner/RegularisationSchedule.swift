/// How much is added to the curvature in the actions, beyond the fixed regularisation: more after a
/// failed step, at a growing rate, and less after a successful one.
///
/// - Source: Tassa, Erez and Todorov 2012, Synthesis and stabilization of complex behaviors through
///   online trajectory optimization, section II-F, doi 10.1109/IROS.2012.6386025; as used by Tassa
///   et al. 2014.
struct RegularisationSchedule: BitwiseCopyable {
  private(set) var amount: Float = 0
  private var factor: Float = 1
  private static var growth: Float { 2 }
  private static var least: Float { 1e-3 }
  /// Beyond this no step is worth its time.
  static var most: Float { 1e6 }

  mutating func raise() {
    factor = max(RegularisationSchedule.growth, factor * RegularisationSchedule.growth)
    amount = min(
      max(RegularisationSchedule.least, amount * factor), 2 * RegularisationSchedule.most)
  }

  mutating func lower() {
    factor = min(1 / RegularisationSchedule.growth, factor / RegularisationSchedule.growth)
    let next = amount * factor
    amount = next < RegularisationSchedule.least ? 0 : next
  }
}
