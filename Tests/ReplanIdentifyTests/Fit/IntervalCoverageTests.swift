import Foundation
import ReplanCore
import ReplanPlants
import Testing

@testable import ReplanIdentify

/// The true parameters of simulated plants lie inside the 95 % intervals of their estimates as often as
/// that says. The plants are those of `firmware-sim`, which know nothing of the equations fitted;
/// `make identify-coverage` repeats it 200 times.
@Suite struct IntervalCoverageTests {
  private static let repetitions =
    ProcessInfo.processInfo.environment["REPLAN_REPETITIONS"].flatMap(Int.init) ?? 6
  private static let tick = 0.02
  /// 3 s of excitation.
  private static let samples = 150
  private static let trackEnd = 0.95 * Double(CartPole.trackHalfLength)

  private func cartPole(_ seed: UInt64) -> (PlantParameters, Double) {
    let p = CartPole.Parameters(seed: PlantSeed(UInt32(truncatingIfNeeded: seed), 0))
    let (mass, moment) = (
      Double(p.cartMass + p.poleMass), Double(0.5 * p.poleMass * p.poleLength)
    )
    var plant = CartPole(parameters: p)
    return (
      PlantParameters(
        equation: .cartPole,
        values: [
          moment / mass, 1 / mass, 2.0 / 3 * Double(p.poleLength), Double(p.cartViscous) / mass,
          Double(p.cartCoulomb) / mass, 0.01, Double(p.pivotViscous) / moment,
          Double(p.pivotCoulomb) / moment, 0.05,
        ],
        step: { action in
          for _ in 0..<20 { plant.step(PlantAction(Float(action), 0, 0, 0), seconds: 0.001) }
          return (0..<4).map { Double(plant.state[$0]) }
        }, start: [0, 0, .pi, 0], noise: [0.001, 0.01, 0.002, 0.03],
        isAngle: [false, false, true, false]), 10
    )
  }

  private func pendulum(_ seed: UInt64) -> (PlantParameters, Double) {
    let p = Pendulum.Parameters(seed: PlantSeed(UInt32(truncatingIfNeeded: seed), 0))
    let inertia = Double(p.mass * p.length * p.length)
    var plant = Pendulum(parameters: p)
    return (
      PlantParameters(
        equation: .pendulum,
        values: [
          9.81 / Double(p.length), 1 / inertia, Double(p.viscous) / inertia,
          Double(p.coulomb) / inertia, 0.05,
        ],
        step: { action in
          for _ in 0..<20 { plant.step(PlantAction(Float(action), 0, 0, 0), seconds: 0.001) }
          return (0..<2).map { Double(plant.state[$0]) }
        }, start: [.pi, 0], noise: [0.002, 0.03], isAngle: [true, false]), 2
    )
  }

  /// A simulated plant and what is true of it.
  private struct PlantParameters {
    var equation: PhysicsEquation
    var values: [Double]
    /// The state a tick later.
    var step: (Double) -> [Double]
    var start: [Double]
    var noise: [Double]
    var isAngle: [Bool]
  }

  /// Whether each parameter that was fitted lies inside its interval; nil for one that was not.
  private func insides(_ plant: PlantParameters, limit: Double, seed: UInt64) throws -> [Bool?] {
    var random = TestRandom(seed &+ 1000)
    var record = MeasuredRecord(stateCount: plant.start.count, actionCount: 1)
    var (state, action) = (plant.start, 0.0)
    for k in 0..<Self.samples {
      // The base policy's noise: correlated over 0.15 s.
      let memory = exp(-Self.tick / 0.15)
      action = memory * action + 0.6 * limit * (1 - memory * memory).squareRoot() * random.normal()
      let applied = min(max(action, -limit), limit)
      record.append(
        time: Self.tick * Double(k),
        state: zip(state, plant.noise).map { $0 + $1 * random.normal() }, action: [applied])
      state = plant.step(applied)
      // An end stop is in no equation; excitation ends before it, as that of `collect` does.
      if plant.equation == .cartPole && abs(state[0]) > Self.trackEnd { break }
    }
    let parameters = (0..<plant.equation.parameterCount).map { index in
      let facts = plant.equation.parameter(index)
      return GreyBoxFit.Parameter(
        "\(facts.name)", start: facts.isFixed ? plant.values[index] : Double(facts.start),
        Double(facts.low)...Double(facts.high), isFixed: facts.isFixed)
    }
    var fit = GreyBoxFit(
      plant.equation.simulator, parameters: parameters, isAngle: plant.isAngle)
    fit.settings.step = 0.005
    let result = try fit.fit([record])
    return plant.values.indices.map { index in
      result.intervals[index].map { $0.contains(plant.values[index]) }
    }
  }

  @Test(arguments: [PhysicsEquation.pendulum, .cartPole])
  func intervalsHoldWhatTheyPromise(equation: PhysicsEquation) throws {
    var inside = [Int](repeating: 0, count: equation.parameterCount)
    var fitted = inside
    for seed in 1...UInt64(Self.repetitions) {
      let (plant, limit) = equation == .pendulum ? pendulum(seed) : cartPole(seed)
      for (index, isInside) in try insides(plant, limit: limit, seed: seed).enumerated() {
        guard let isInside else { continue }
        fitted[index] += 1
        inside[index] += isInside ? 1 : 0
      }
    }
    print("intervals, \(equation): \(inside) of \(fitted)")
    let names = (0..<equation.parameterCount).map { "\(equation.parameter($0).name)" }
    if Self.repetitions >= 200 {
      for (index, name) in names.enumerated() where fitted[index] > 0 {
        let share = Double(inside[index]) / Double(fitted[index])
        #expect((0.90...0.99).contains(share), "\(name): \(share) of \(fitted[index])")
      }
    }
    // Over all parameters even a few repetitions tell a wrong covariance: of intervals half as wide
    // as they should be a third would miss.
    let (hits, all) = (inside.reduce(0, +), fitted.reduce(0, +))
    #expect(all >= Self.repetitions * names.count / 2)
    let least = 0.95 - 4 * (0.95 * 0.05 / Double(all)).squareRoot()
    #expect(Double(hits) / Double(all) >= least, "\(hits) of \(all)")
  }
}
