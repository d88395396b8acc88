import ReplanPlants
import Testing

@testable import ReplanCore

/// The model's equations with the plant's parameters are the plant.
@Suite struct SimulatedFurutaTests {
  @Test func theFurutaPendulumIsTheSimulatedPlant() {
    let reference = PhysicsReference(name: .furutaPendulum, substeps: 20)
    let fixture = reference.fixture()
    var plant = FurutaPendulum(
      parameters: FurutaPendulum.Parameters(
        armInertia: 1e-3, armLength: 0.15, poleMass: 0.05, poleLength: 0.2, armViscous: 1e-4,
        armCoulomb: 1e-3, pivotViscous: 1e-5, pivotCoulomb: 1e-5))
    let (state, action) = fixture.points(vectors: 1, bound: 2)
    let next = fixture.mean(state, action)
    for lane in 0..<16 {
      var placed = PlantState(repeating: 0)
      for i in 0..<4 { placed[i] = state[i][lane] }
      plant.place(placed)
      for _ in 0..<20 { plant.step(PlantAction(action[0][lane], 0, 0, 0), seconds: 0.001) }
      let scale = 1 + abs(plant.state[1]) + abs(plant.state[3])
      for i in 0..<4 { #expect(abs(plant.state[i] - next[i][lane]) < 2e-5 * scale) }
    }
  }
}
