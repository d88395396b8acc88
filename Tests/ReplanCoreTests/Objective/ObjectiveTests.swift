import Foundation
import ReplanNumerics
import Testing

@testable import ReplanCore

@Suite struct ObjectiveTests {
  private static let terms = [
    Term(.quadratic, channel: 0, weight: 0.7, target: 0.5, scale: 2),
    Term(.quadratic, channel: 0, weight: 0.7, target: 3, scale: 1, isAngle: true),
    Term(.angle, channel: 0, weight: 1.3, target: 0.4),
    Term(.range, channel: 0, weight: 5, scale: 0.5, low: -1, high: 1.5),
  ]

  @Test(arguments: terms)
  func gradientsAgreeWithCentralDifferencesAndCurvatureIsNotNegative(term: Term) {
    for step in -30...30 {
      let x = Float(step) * 0.1 + 0.013
      let d = term.derivatives(x)
      let h: Float = 1e-2
      let slope =
        (term.derivatives(x + h).cost
          - term.derivatives(x - h).cost) / (2 * h)
      // Not across the kinks of a range and of a wrapped angle.
      guard abs(x - term.low) > 2 * h, abs(x - term.high) > 2 * h, abs(x - term.target + .pi) > h
      else { continue }
      #expect(abs(d.gradient - slope) < 2e-2)
      #expect(d.curvature >= 0 && d.cost >= 0)
    }
  }

  @Test func knownCosts() {
    #expect(Self.terms[0].derivatives(2.5).cost == 0.7)
    #expect(abs(Self.terms[2].derivatives(0.4 + .pi).cost - 2.6) < 1e-6)
    #expect(abs(Self.terms[3].derivatives(2).cost - 5) < 1e-6)
    #expect(Self.terms[3].derivatives(0).cost == 0)
    // 3 and -3 are 0.283 apart on the circle, not 6.
    let wrapped = Self.terms[1].derivatives(-3).cost
    #expect(abs(wrapped - 0.7 * Float(pow(2 * Double.pi - 6, 2))) < 1e-4)
  }

  @Test func theMeasuredCostCountsWeightedWhereThereIsOne() {
    var objective = Objective(learnedCost: 0.5)
    objective.append(Self.terms[0])
    func cost(_ measured: Float) -> Float {
      let still = ActionVector(repeating: 0)
      return objective.cost(
        state: StateVector { $0 == 0 ? 2.5 : 0 }, action: still, previous: still,
        measured: measured)
    }
    #expect(abs(cost(3) - 2.2) < 1e-6 && abs(cost(.nan) - 0.7) < 1e-6)
    objective.learnedCost = 0
    #expect(abs(cost(3) - 0.7) < 1e-6)
  }

  @Test func lanesAgreeWithScalars() {
    var objective = Objective()
    for term in Self.terms { objective.append(term) }
    objective.append(Term(.action, channel: 0, weight: 0.3, target: 1, scale: 2))
    objective.append(Term(.actionRate, channel: 0, weight: 0.2, scale: 0.5))
    var x = Lanes(repeating: 0)
    for i in 0..<16 { x[i] = Float(i) * 0.4 - 3.1 }
    let action = Lanes(repeating: 0.7)
    let previous = Lanes(repeating: -0.2)
    var measure = Arena.measuring()
    _ = CostTable(objective, arena: &measure)
    let block = Block(bytes: measure.used)
    var arena = Arena(base: block.pointer, capacity: block.bytes)
    let table = CostTable(objective, arena: &arena)
    table.prepare(objective)
    let states = table.stateCost([x], vectors: 1, 0)
    let actions = table.actionCost([action], previous: [previous], vectors: 1, 0)
    withExtendedLifetime(block) {}
    for i in 0..<16 {
      let scalar = objective.cost(
        state: StateVector { $0 == 0 ? x[i] : 0 }, action: ActionVector { $0 == 0 ? 0.7 : 0 },
        previous: ActionVector { $0 == 0 ? -0.2 : 0 })
      #expect(abs(states[i] + actions[i] - scalar) < 1e-4 * max(1, scalar))
    }
  }
}
