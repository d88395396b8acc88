import Foundation
import ReplanPlants
import Testing

struct CartPoleTests {
  private static let frictionless = CartPole.Parameters(
    cartMass: 0.7, poleMass: 0.3, poleLength: 0.5)
  private static let none = PlantAction(repeating: 0)

  private func plant(_ state: PlantState, _ parameters: CartPole.Parameters = frictionless)
    -> CartPole
  {
    var plant = CartPole(parameters: parameters)
    plant.place(state)
    return plant
  }

  @Test func restIsAnEquilibrium() {
    for seed in 1...5 as ClosedRange<UInt32> {
      var plant = Plant(.cartPole, seed: PlantSeed(seed, 0))
      plant.advance(Self.none, microseconds: 10_000_000)
      #expect(abs(plant.state[0]) < 1e-4)
      #expect(abs(abs(plant.state[2]) - Float.pi) < 1e-3)
      #expect(abs(plant.state[3]) < 1e-4)
    }
  }

  /// Linearised about hanging, with a free cart: ω² = m g l (M + m) / ((M + m) (4/3) m l² − m² l²).
  @Test func smallSwingHasTheKnownPeriod() {
    let p = Self.frictionless
    let l = Double(p.poleLength) / 2
    let m = Double(p.poleMass)
    let total = Double(p.cartMass) + m
    let omega = (m * 9.81 * l * total / (total * 4 / 3 * m * l * l - m * m * l * l)).squareRoot()
    var plant = plant(PlantState(0, 0, Float.pi - 0.02, 0, 0, 0, 0, 0))
    let period = time(ofUpwardZeros: 10) {
      plant.step(Self.none, seconds: 0.001)
      return plant.state[3]
    }
    #expect(abs(period / (2 * Double.pi / omega) - 1) < 2e-3)
  }

  /// The whole range of motion, far from the stops: 10 s of whirling at 1 ms.
  @Test func energyIsConserved() {
    // Without horizontal momentum the cart stays where it is on average.
    let cartVelocity = -0.3 * 0.25 * 4 * Float(cos(0.3))
    var plant = plant(PlantState(0, cartVelocity, 0.3, 4, 0, 0, 0, 0))
    let before = plant.energy
    var worst: Float = 0
    for _ in 0..<10_000 {
      plant.step(Self.none, seconds: 0.001)
      worst = max(worst, abs(plant.energy - before))
    }
    #expect(worst < 1e-3 * abs(before))
  }

  @Test func momentumFollowsTheForce() {
    let p = Self.frictionless
    var plant = plant(PlantState(0, 0, 2, 0, 0, 0, 0, 0))
    for _ in 0..<300 { plant.step(PlantAction(3, 0, 0, 0), seconds: 0.001) }
    let momentum =
      (p.cartMass + p.poleMass) * plant.state[1]
      + p.poleMass * p.poleLength / 2 * plant.state[3] * Float(cos(Double(plant.state[2])))
    #expect(abs(momentum - 0.9) < 1e-3)
  }

  @Test func frictionOnlyTakesEnergy() {
    for seed in 1...20 as ClosedRange<UInt32> {
      var plant = CartPole(parameters: CartPole.Parameters(seed: PlantSeed(seed, 0)))
      plant.reset(.random(PlantSeed(seed, 9)))
      var last = plant.energy
      for _ in 0..<5000 {
        plant.step(Self.none, seconds: 0.001)
        #expect(plant.energy <= last + 1e-5)
        last = plant.energy
      }
    }
  }

  @Test func aCartAtConstantSpeedLosesTheFrictionForce() {
    let p = CartPole.Parameters(
      cartMass: 1, poleMass: 0.1, poleLength: 0.5, cartViscous: 0.2, cartCoulomb: 0.3)
    let plant = plant(PlantState(0, 1, Float.pi, 0, 0, 0, 0, 0), p)
    // At 1 m/s friction takes 0.2 + 0.3 N: pushed with just that, nothing accelerates.
    let braked = plant.derivative(plant.state, Self.none)
    let driven = plant.derivative(plant.state, PlantAction(0.5, 0, 0, 0))
    #expect(braked[1] < 0)
    #expect(abs(driven[1]) < 1e-5)
  }

  @Test(arguments: [1, -1] as [Float])
  func endStopsHoldTheCartAndNeverAddEnergy(side: Float) {
    var plant = plant(PlantState(side * 2.3, side * 3, 2.5, 1, 0, 0, 0, 0))
    var last = plant.energy
    for _ in 0..<1000 {
      plant.step(Self.none, seconds: 0.001)
      #expect(abs(plant.state[0]) <= CartPole.trackHalfLength)
      #expect(plant.energy <= last + 2e-3)
      last = plant.energy
    }
  }

  @Test func aFullPushAgainstTheStopStaysFinite() {
    var plant = plant(PlantState(0, 0, 1, 0, 0, 0, 0, 0))
    for _ in 0..<20_000 { plant.step(PlantAction(10, 0, 0, 0), seconds: 0.001) }
    #expect(plant.state[0] == CartPole.trackHalfLength)
    #expect(plant.state[1] == 0)
    for i in 0..<4 { #expect(plant.state[i].isFinite) }
    for _ in 0..<100 { plant.step(PlantAction(-10, 0, 0, 0), seconds: 0.001) }
    #expect(plant.state[0] < CartPole.trackHalfLength)
  }

  @Test func aFinerStepAgrees() {
    let parameters = CartPole.Parameters(seed: PlantSeed(3, 0))
    var coarse = plant(PlantState(0, 0, 2, 1, 0, 0, 0, 0), parameters)
    var fine = coarse
    for _ in 0..<1000 { coarse.step(PlantAction(2, 0, 0, 0), seconds: 0.001) }
    for _ in 0..<8000 { fine.step(PlantAction(2, 0, 0, 0), seconds: 0.000125) }
    for i in 0..<4 { #expect(abs(coarse.state[i] - fine.state[i]) < 2e-3) }
  }

  @Test func theAngleStaysPrincipal() {
    var plant = plant(PlantState(0, 0, 3, 12, 0, 0, 0, 0))
    for _ in 0..<5000 {
      plant.step(Self.none, seconds: 0.001)
      #expect(plant.state[2] > -Float.pi && plant.state[2] <= Float.pi)
    }
  }
}

/// The mean period in s between zeros at which a signal sampled each ms turns positive.
func time(ofUpwardZeros count: Int, _ next: () -> Float) -> Double {
  var zeros: [Double] = []
  var last: Float = 0
  var tick = 0
  while zeros.count <= count && tick < 100_000 {
    let value = next()
    tick += 1
    if last < 0 && value >= 0 {
      zeros.append(Double(tick) * 0.001 - 0.001 * Double(value / (value - last)))
    }
    last = value
  }
  return (zeros[zeros.count - 1] - zeros[0]) / Double(zeros.count - 1)
}
