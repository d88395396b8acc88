import Foundation
import ReplanPlants
import Testing

struct FurutaPendulumTests {
  private static let frictionless = FurutaPendulum.Parameters(
    armInertia: 0.001, armLength: 0.15, poleMass: 0.05, poleLength: 0.2)
  private static let none = PlantAction(repeating: 0)

  private func plant(
    _ state: PlantState, _ parameters: FurutaPendulum.Parameters = frictionless
  ) -> FurutaPendulum {
    var plant = FurutaPendulum(parameters: parameters)
    plant.place(state)
    return plant
  }

  /// Where the pole is: at the arm's end it leans across the arm.
  private func reference(_ p: FurutaPendulum.Parameters) -> LagrangeReference {
    LagrangeReference(
      points: { q in
        let end = SIMD3(cos(q[0]), sin(q[0]), 0) * Double(p.armLength)
        let pole = SIMD3(-sin(q[0]) * sin(q[1]), cos(q[0]) * sin(q[1]), cos(q[1]))
        return LagrangeReference.rod(
          Double(p.poleMass), from: end, to: end + pole * Double(p.poleLength))
      }, hub: Double(p.armInertia), gravity: 9.81)
  }

  @Test func theEquationsAreLagranges() {
    for seed in 1...100 as ClosedRange<UInt32> {
      let p = FurutaPendulum.Parameters(seed: PlantSeed(seed, 0))
      var plant = FurutaPendulum(parameters: p)
      plant.reset(.random(PlantSeed(seed, 1)))
      let x = plant.state * PlantState(1, 9, 1, 9, 1, 1, 1, 1)
      let torque: Float = seed % 2 == 0 ? 0.1 : -0.1
      func resist(_ v: Float, _ viscous: Float, _ coulomb: Float) -> Double {
        Double(viscous * v) + Double(coulomb) * tanh(Double(v) / 0.05)
      }
      let expected = reference(p).accelerations(
        [Double(x[0]), Double(x[2])], [Double(x[1]), Double(x[3])],
        [
          Double(torque) - resist(x[1], p.armViscous, p.armCoulomb),
          -resist(x[3], p.pivotViscous, p.pivotCoulomb),
        ])
      let rate = plant.derivative(x, PlantAction(torque, 0, 0, 0))
      #expect(rate[0] == x[1] && rate[2] == x[3])
      let scale = 1 + abs(expected.0) + abs(expected.1)
      #expect(abs(Double(rate[1]) - expected.0) < 2e-5 * scale)
      #expect(abs(Double(rate[3]) - expected.1) < 2e-5 * scale)
      plant.place(x)
      let energy = reference(p).energy(
        [Double(x[0]), Double(x[2])], [Double(x[1]), Double(x[3])])
      #expect(abs(Double(plant.energy) - energy) < 1e-5 * (0.1 + abs(energy)))
    }
  }

  @Test func restIsAnEquilibrium() {
    for seed in 1...5 as ClosedRange<UInt32> {
      var plant = Plant(.furuta, seed: PlantSeed(seed, 0))
      plant.advance(Self.none, microseconds: 10_000_000)
      #expect(abs(plant.state[0]) < 1e-4)
      #expect(abs(abs(plant.state[2]) - Float.pi) < 1e-3)
      #expect(abs(plant.state[3]) < 1e-4)
    }
  }

  /// Linearised about hanging, with a free arm: ω² = m g l / (I − (m L l)² / J).
  @Test func smallSwingHasTheKnownPeriod() {
    let (m, l, arm) = (0.05, 0.1, 0.15)
    let inertia = 4.0 / 3 * m * l * l
    let hub = 0.001 + m * arm * arm
    let omega = (m * 9.81 * l / (inertia - m * arm * l * m * arm * l / hub)).squareRoot()
    var plant = plant(PlantState(0, 0, Float.pi - 0.02, 0, 0, 0, 0, 0))
    let period = time(ofUpwardZeros: 10) {
      plant.step(Self.none, seconds: 0.001)
      return plant.state[3]
    }
    #expect(abs(period / (2 * Double.pi / omega) - 1) < 2e-3)
  }

  /// 10 s of whirling at 1 ms, arm and pole.
  @Test func energyIsConserved() {
    var plant = plant(PlantState(0, 3, 0.3, 4, 0, 0, 0, 0))
    let before = plant.energy
    var worst: Float = 0
    for _ in 0..<10_000 {
      plant.step(Self.none, seconds: 0.001)
      worst = max(worst, abs(plant.energy - before))
    }
    #expect(worst < 1e-3 * abs(before))
  }

  /// Nothing but the motor turns the whole about the axis:
  /// (J + I sin²θ) φ̇ + m L l cosθ θ̇ grows by the torque.
  @Test func angularMomentumFollowsTheTorque() {
    let p = Self.frictionless
    var plant = plant(PlantState(0, 0, 2, 0, 0, 0, 0, 0))
    for _ in 0..<300 { plant.step(PlantAction(0.03, 0, 0, 0), seconds: 0.001) }
    let (sine, cosine) = (Float(sin(Double(plant.state[2]))), Float(cos(Double(plant.state[2]))))
    let inertia = p.poleMass * p.poleLength * p.poleLength / 3
    let hub = p.armInertia + p.poleMass * p.armLength * p.armLength + inertia * sine * sine
    let coupling = p.poleMass * p.armLength * p.poleLength / 2
    let momentum = hub * plant.state[1] + coupling * cosine * plant.state[3]
    #expect(abs(momentum / 0.009 - 1) < 1e-3)
  }

  @Test func frictionOnlyTakesEnergy() {
    for seed in 1...20 as ClosedRange<UInt32> {
      var plant = FurutaPendulum(parameters: FurutaPendulum.Parameters(seed: PlantSeed(seed, 0)))
      plant.reset(.random(PlantSeed(seed, 9)))
      let before = plant.energy
      var last = before
      for _ in 0..<5000 {
        plant.step(Self.none, seconds: 0.001)
        #expect(plant.energy <= last + 1e-7)
        last = plant.energy
      }
      #expect(last < before)
    }
  }

  @Test func aFinerStepAgrees() {
    let parameters = FurutaPendulum.Parameters(seed: PlantSeed(3, 0))
    var coarse = plant(PlantState(0, 0, 2, 1, 0, 0, 0, 0), parameters)
    var fine = coarse
    for _ in 0..<500 { coarse.step(PlantAction(0.05, 0, 0, 0), seconds: 0.001) }
    for _ in 0..<4000 { fine.step(PlantAction(0.05, 0, 0, 0), seconds: 0.000125) }
    for i in 0..<4 { #expect(abs(coarse.state[i] - fine.state[i]) < 2e-3) }
  }

  @Test func onlyThePolesAngleWraps() {
    var plant = plant(PlantState(0, 12, 3, 12, 0, 0, 0, 0))
    for _ in 0..<5000 {
      plant.step(Self.none, seconds: 0.001)
      #expect(plant.state[2] > -Float.pi && plant.state[2] <= Float.pi)
    }
    #expect(abs(plant.state[0]) > 2 * Float.pi)
  }

  @Test func costIsLeastUprightAndStill() {
    #expect(plant(PlantState(0.3, 0, 0, 0, 0, 0, 0, 0)).cost == 0)
    #expect(abs(plant(PlantState(0, 10, Float.pi, 0, 0, 0, 0, 0)).cost - 2.2) < 1e-5)
  }
}
