import ReplanNumerics
import Testing

@testable import ReplanCore

@Suite struct QuadraticStepTests {
  /// Two states, the last action beside them, and one action with half its range 5.
  @Test func aPredictedCostEntersByItsGradientAndItsSquare() {
    var measure = Arena.measuring()
    _ = QuadraticStep(n: 3, actionCount: 1, members: 2, arena: &measure)
    _ = LimitTable(actionCount: 1, arena: &measure)
    let block = Block(bytes: measure.used)
    var arena = Arena(base: block.pointer, capacity: block.bytes)
    let step = QuadraticStep(n: 3, actionCount: 1, members: 2, arena: &arena)
    let limits = LimitTable(actionCount: 1, arena: &arena)
    limits.prepare(
      ActionLimits(
        low: ActionVector(repeating: -5), high: ActionVector(repeating: 5),
        slewPerTick: ActionVector(repeating: .infinity), safe: ActionVector(repeating: 0)))
    // Gradient (3, -1) and 2, cost 0.25, so that κ is 2; every other element is none of them.
    let row: [Float] = [3, .nan, -1, .nan, 2, .nan, 0.25, .nan, 2, .nan]
    step.add(costRow: row, stride: 2, 1, factor: 0.5, states: 2, limits)
    let floats = { (p: UnsafeMutablePointer<Float>, range: Range<Int>) in range.map { p[$0] } }
    #expect(floats(step.qx, 0..<6) == [0, 0, 0, 1.5, -0.5, 0])
    #expect(floats(step.qu, 0..<2) == [0, 5])
    #expect(floats(step.qxx, 9..<18) == [9, -3, 0, -3, 1, 0, 0, 0, 0])
    #expect(floats(step.quu, 0..<2) == [0, 100])
    #expect(floats(step.qux, 0..<6) == [0, 0, 0, 30, -10, 0])
    #expect(floats(step.qxx, 0..<9).allSatisfy { $0 == 0 })
    withExtendedLifetime(block) {}
  }
}
