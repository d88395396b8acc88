import Foundation
import ReplanPlants
import Testing

struct PendulumTests {
  private static let frictionless = Pendulum.Parameters(mass: 1, length: 0.5)
  private static let none = PlantAction(repeating: 0)

  private func plant(_ angle: Float, _ velocity: Float = 0) -> Pendulum {
    var plant = Pendulum(parameters: Self.frictionless)
    plant.place(PlantState(angle, velocity, 0, 0, 0, 0, 0, 0))
    return plant
  }

  @Test func smallSwingHasTheKnownPeriod() {
    var plant = plant(Float.pi - 0.02)
    let period = time(ofUpwardZeros: 10) {
      plant.step(Self.none, seconds: 0.001)
      return plant.state[1]
    }
    #expect(abs(period / (2 * Double.pi * (0.5 / 9.81).squareRoot()) - 1) < 1e-3)
  }

  /// T = 4 K(sin(θ0/2)) sqrt(l/g); at an amplitude of 90°, 1.18034 times the small swing's.
  @Test func aLargeSwingHasTheKnownPeriod() {
    var plant = plant(Float.pi / 2)
    let period = time(ofUpwardZeros: 10) {
      plant.step(Self.none, seconds: 0.001)
      return plant.state[1]
    }
    #expect(abs(period / (1.180_340_6 * 2 * Double.pi * (0.5 / 9.81).squareRoot()) - 1) < 1e-3)
  }

  @Test func energyIsConserved() {
    var plant = plant(0.3, 4)
    let before = plant.energy
    for _ in 0..<10_000 {
      plant.step(Self.none, seconds: 0.001)
      #expect(abs(plant.energy - before) < 1e-3 * abs(before))
    }
  }

  /// Without pumping the motor raises it to where its torque balances gravity, far below level.
  @Test func theMotorIsTooWeakToLiftIt() {
    for seed in 1...50 as ClosedRange<UInt32> {
      let p = Pendulum.Parameters(seed: PlantSeed(seed, 0))
      let holding = p.mass * Pendulum.gravity * p.length
      let ratio = Pendulum.facts.actionHigh[0] / holding
      #expect(ratio > 0.34 && ratio < 0.49)
    }
    var plant = Pendulum(
      parameters: Pendulum.Parameters(mass: 1, length: 0.5, viscous: 1, coulomb: 0.005))
    for _ in 0..<20_000 { plant.step(PlantAction(2, 0, 0, 0), seconds: 0.001) }
    #expect(abs(sin(Double(abs(plant.state[0]))) - 2 / 4.905) < 0.01)
    #expect(cos(Double(plant.state[0])) < 0)
  }

  @Test func frictionOnlyTakesEnergy() {
    let most = Pendulum.Parameters(mass: 1, length: 0.5, viscous: 0.03, coulomb: 0.02)
    var plant = Pendulum(parameters: most)
    plant.place(PlantState(1, 3, 0, 0, 0, 0, 0, 0))
    var last = plant.energy
    for _ in 0..<90_000 {
      plant.step(Self.none, seconds: 0.001)
      #expect(plant.energy <= last + 2e-6)
      last = plant.energy
    }
    // Friction at standstill creeps instead of sticking: what is left is next to nothing.
    #expect(abs(plant.state[1]) < 1e-2)
  }
}
