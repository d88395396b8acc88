import Foundation
import ReplanPlants
import Testing

struct ReacherTests {
  private static let frictionless = Reacher.Parameters(
    innerLength: 0.2, innerMass: 0.4, outerLength: 0.18, outerMass: 0.25)
  private static let none = PlantAction(repeating: 0)

  private func plant(_ state: PlantState, _ parameters: Reacher.Parameters = frictionless)
    -> Reacher
  {
    var plant = Reacher(parameters: parameters)
    plant.place(state)
    return plant
  }

  private func reference(_ p: Reacher.Parameters) -> LagrangeReference {
    LagrangeReference { q in
      let elbow = SIMD3(cos(q[0]), sin(q[0]), 0) * Double(p.innerLength)
      let tip = elbow + SIMD3(cos(q[0] + q[1]), sin(q[0] + q[1]), 0) * Double(p.outerLength)
      return LagrangeReference.rod(Double(p.innerMass), from: .zero, to: elbow)
        + LagrangeReference.rod(Double(p.outerMass), from: elbow, to: tip)
    }
  }

  @Test func theEquationsAreLagranges() {
    for seed in 1...100 as ClosedRange<UInt32> {
      let p = Reacher.Parameters(seed: PlantSeed(seed, 0))
      var plant = Reacher(parameters: p)
      plant.reset(.random(PlantSeed(seed, 1)))
      var x = plant.state
      x[1] = Float(seed % 7) - 3
      x[3] = 2 * Float(seed % 11) - 10
      func resist(_ v: Float, _ viscous: Float, _ coulomb: Float) -> Double {
        Double(viscous * v) + Double(coulomb) * tanh(Double(v) / 0.05)
      }
      let expected = reference(p).accelerations(
        [Double(x[0]), Double(x[2])], [Double(x[1]), Double(x[3])],
        [
          0.2 - resist(x[1], p.shoulderViscous, p.shoulderCoulomb),
          -0.1 - resist(x[3], p.elbowViscous, p.elbowCoulomb),
        ])
      let rate = plant.derivative(x, PlantAction(0.2, -0.1, 0, 0))
      #expect(rate[0] == x[1] && rate[2] == x[3])
      let scale = 1 + abs(expected.0) + abs(expected.1)
      #expect(abs(Double(rate[1]) - expected.0) < 2e-5 * scale)
      #expect(abs(Double(rate[3]) - expected.1) < 2e-5 * scale)
      plant.place(x)
      let energy = reference(p).energy(
        [Double(x[0]), Double(x[2])], [Double(x[1]), Double(x[3])])
      #expect(abs(Double(plant.energy) - energy) < 1e-5 * (0.1 + energy))
    }
  }

  /// Without friction and torque, energy and the angular momentum about the shoulder stay.
  @Test func energyAndAngularMomentumAreConserved() {
    let p = Self.frictionless
    var plant = plant(PlantState(0.5, 3, 1, -7, 0.2, 0, 0, 0))
    func momentum() -> Float {
      let bend =
        0.5 * p.outerMass * p.innerLength * p.outerLength
        * Float(cos(Double(plant.state[2])))
      let outer = p.outerMass * p.outerLength * p.outerLength / 3
      let inner =
        p.innerMass * p.innerLength * p.innerLength / 3
        + p.outerMass * p.innerLength * p.innerLength
      return (inner + outer + 2 * bend) * plant.state[1] + (outer + bend) * plant.state[3]
    }
    let (energy, turning) = (plant.energy, momentum())
    for _ in 0..<10_000 {
      plant.step(Self.none, seconds: 0.001)
      #expect(abs(plant.energy - energy) < 1e-3 * energy)
      #expect(abs(momentum() - turning) < 1e-3 * abs(turning))
    }
  }

  @Test func itRestsAnywhere() {
    for seed in 1...5 as ClosedRange<UInt32> {
      var plant = Plant(.reacher, seed: PlantSeed(seed, 0))
      plant.reset(.random(PlantSeed(seed, 3)))
      let before = plant.state
      plant.advance(Self.none, microseconds: 2_000_000)
      #expect(plant.state == before)
    }
  }

  @Test func frictionOnlyTakesEnergy() {
    for seed in 1...20 as ClosedRange<UInt32> {
      var plant = plant(
        PlantState(0, 6, 1, -9, 0.2, 0, 0, 0), Reacher.Parameters(seed: PlantSeed(seed, 0)))
      let before = plant.energy
      var last = before
      for _ in 0..<5000 {
        plant.step(Self.none, seconds: 0.001)
        #expect(plant.energy <= last + 1e-6)
        last = plant.energy
      }
      #expect(last < 0.01 * before)
    }
  }

  @Test func aFinerStepAgrees() {
    let parameters = Reacher.Parameters(seed: PlantSeed(3, 0))
    var coarse = plant(PlantState(0, 0, 2, 1, 0.2, 0, 0, 0), parameters)
    var fine = coarse
    for _ in 0..<500 { coarse.step(PlantAction(0.1, -0.05, 0, 0), seconds: 0.001) }
    for _ in 0..<4000 { fine.step(PlantAction(0.1, -0.05, 0, 0), seconds: 0.000125) }
    for i in 0..<8 { #expect(abs(coarse.state[i] - fine.state[i]) < 2e-3) }
  }

  /// Every target can be reached by every arm, and every part of the ring is drawn from.
  @Test func targetsAreWithinReach() {
    var nearest: Float = 1
    var farthest: Float = 0
    var quadrants: Set<Int> = []
    for seed in 1...500 as ClosedRange<UInt32> {
      var plant = Plant(.reacher, seed: PlantSeed(seed, 0))
      plant.reset(.random(PlantSeed(seed, 7)))
      let (x, y) = (plant.state[4], plant.state[5])
      let distance = (x * x + y * y).squareRoot()
      let (inner, outer) = (plant.parameter(0).value, plant.parameter(2).value)
      #expect(distance < inner + outer && distance > abs(inner - outer))
      nearest = min(nearest, distance)
      farthest = max(farthest, distance)
      quadrants.insert((x > 0 ? 1 : 0) + (y > 0 ? 2 : 0))
    }
    #expect(nearest < 0.13 && farthest > 0.31 && quadrants.count == 4)
  }

  /// Target and tip, as the channels tell them, while the arm moves.
  @Test func theOffsetLeadsFromTheTargetToTheTip() {
    let p = Self.frictionless
    var plant = plant(PlantState(0.5, 3, 1, -7, 0.2, -0.1, 9, 9))
    for _ in 0..<500 {
      plant.step(PlantAction(0.1, 0.02, 0, 0), seconds: 0.001)
      let (q, both) = (Double(plant.state[0]), Double(plant.state[0] + plant.state[2]))
      let x = Double(p.innerLength) * cos(q) + Double(p.outerLength) * cos(both)
      let y = Double(p.innerLength) * sin(q) + Double(p.outerLength) * sin(both)
      #expect(abs(Double(plant.state[6]) - (x - 0.2)) < 1e-5)
      #expect(abs(Double(plant.state[7]) - (y + 0.1)) < 1e-5)
      #expect(plant.state[4] == 0.2 && plant.state[5] == -0.1)
    }
  }

  @Test func costIsDistanceAndEffort() {
    // Straight along x the tip is 0.38 m out.
    var plant = plant(PlantState(0, 0, 0, 0, 0.38, 0.3, 0, 0))
    #expect(abs(plant.distance - 0.3) < 1e-6)
    #expect(abs(plant.cost - 3) < 1e-5)
    plant.step(PlantAction(0.3, 0, 0, 0), seconds: 1e-6)
    #expect(abs(plant.cost - 3.02) < 1e-3)
    plant.step(PlantAction(-0.3, 0.12, 0, 0), seconds: 1e-6)
    #expect(abs(plant.cost - 3.04) < 1e-3)
    plant.reset(.rest)
    #expect(abs(plant.cost - 10 * plant.distance) < 1e-6)
  }
}
