import Foundation
import ReplanPlants
import Testing

struct MotorTests {
  private static let none = PlantAction(repeating: 0)

  private func plant(_ velocity: Float, _ parameters: Motor.Parameters) -> Motor {
    var plant = Motor(parameters: parameters)
    plant.place(PlantState(0, velocity, 0, 0, 0, 0, 0, 0))
    return plant
  }

  /// Without dry friction: ω = ω∞ (1 − exp(−t / T)), T = J / (k²/R + b), ω∞ = k U / R / (k²/R + b).
  @Test func aStepOfVoltageHasTheKnownResponse() {
    let (inertia, k, resistance, viscous) = (0.003, 0.05, 1.5, 0.000_3)
    var plant = plant(
      0,
      Motor.Parameters(
        inertia: Float(inertia), torqueConstant: Float(k), resistance: Float(resistance),
        viscous: Float(viscous)))
    let damping = k * k / resistance + viscous
    let (last, constant) = (k * 3 / resistance / damping, inertia / damping)
    for step in 1...5000 {
      plant.step(PlantAction(3, 0, 0, 0), seconds: 0.001)
      let expected = last * (1 - exp(-0.001 * Double(step) / constant))
      #expect(abs(Double(plant.state[1]) - expected) < 1e-4 * last)
    }
  }

  @Test func theEquationIsThatOfTheReference() {
    for seed in 1...100 as ClosedRange<UInt32> {
      let p = Motor.Parameters(seed: PlantSeed(seed, 0))
      let plant = plant(0, p)
      for velocity in [-20, -1, -0.3, -0.02, 0, 0.05, 0.5, 4] as [Float] {
        let v = Double(velocity)
        let current = (1.5 - Double(p.torqueConstant) * v) / Double(p.resistance)
        let ratio = v / Double(p.stribeckVelocity)
        let dry = Double(p.coulomb) + Double(p.stribeck) * exp(-ratio * ratio)
        let torque =
          Double(p.torqueConstant) * current - Double(p.viscous) * v - dry * tanh(v / 0.05)
        let rate = plant.derivative(
          PlantState(1, velocity, 0, 0, 0, 0, 0, 0), PlantAction(1.5, 0, 0, 0))
        #expect(rate[0] == velocity)
        let expected = torque / Double(p.inertia)
        #expect(abs(Double(rate[1]) - expected) < 1e-5 * (10 + abs(expected)))
      }
    }
  }

  /// Stribeck's effect: what keeps a running motor running does not set a standing one going.
  @Test func breakingAwayTakesMoreThanRunning() {
    let p = Motor.Parameters(
      inertia: 0.003, torqueConstant: 0.05, resistance: 1.5, coulomb: 0.015, stribeck: 0.01,
      stribeckVelocity: 0.5)
    // 0.02 N·m, between the 0.015 of a sliding contact and the 0.025 of a standing one.
    let action = PlantAction(0.6, 0, 0, 0)
    var standing = plant(0, p)
    var running = plant(2, p)
    for _ in 0..<3000 {
      standing.step(action, seconds: 0.001)
      running.step(action, seconds: 0.001)
    }
    #expect(standing.state[1] > 0 && standing.state[1] < 0.1)
    #expect(running.state[1] > 2)
  }

  @Test func restIsAnEquilibrium() {
    for seed in 1...5 as ClosedRange<UInt32> {
      var plant = Plant(.motor, seed: PlantSeed(seed, 0))
      plant.advance(Self.none, microseconds: 2_000_000)
      #expect(plant.state == PlantState(repeating: 0))
    }
  }

  /// The winding brakes too: without a voltage it is a generator on a short circuit.
  @Test func frictionOnlyTakesEnergy() {
    for seed in 1...20 as ClosedRange<UInt32> {
      var plant = plant(30, Motor.Parameters(seed: PlantSeed(seed, 0)))
      var last = plant.energy
      for _ in 0..<5000 {
        plant.step(Self.none, seconds: 0.001)
        #expect(plant.energy <= last)
        last = plant.energy
      }
      #expect(abs(plant.state[1]) < 0.01)
    }
  }

  /// Through zero speed, where friction is stiffest.
  @Test func aFinerStepAgrees() {
    for seed in 1...20 as ClosedRange<UInt32> {
      let parameters = Motor.Parameters(seed: PlantSeed(seed, 0))
      var coarse = plant(5, parameters)
      var fine = coarse
      for _ in 0..<400 { coarse.step(PlantAction(-2, 0, 0, 0), seconds: 0.001) }
      for _ in 0..<3200 { fine.step(PlantAction(-2, 0, 0, 0), seconds: 0.000125) }
      #expect(coarse.state[1] < -0.1)
      for i in 0..<2 { #expect(abs(coarse.state[i] - fine.state[i]) < 1e-3) }
    }
  }

  @Test func theAngleStaysPrincipal() {
    var plant = plant(20, Motor.Parameters(seed: PlantSeed(1, 0)))
    for _ in 0..<5000 {
      plant.step(PlantAction(6, 0, 0, 0), seconds: 0.001)
      #expect(plant.state[0] > -Float.pi && plant.state[0] <= Float.pi)
    }
  }

  @Test func costIsLeastAtTheTarget() {
    var plant = plant(0, Motor.Parameters(seed: PlantSeed(1, 0)))
    plant.place(PlantState(Motor.target, 0, 0, 0, 0, 0, 0, 0))
    #expect(plant.cost == 0)
    plant.place(PlantState(Motor.target + 1, 2, 0, 0, 0, 0, 0, 0))
    #expect(abs(Double(plant.cost) - (1 - cos(1) + 0.004)) < 1e-5)
  }
}
