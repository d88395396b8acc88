import ReplanNumerics
import Testing

@testable import ReplanCore

/// A forecast is the model's own prediction, tick after tick.
@Suite struct ForecastTests {
  @Test(arguments: [PlantStructure.cartPole, .plain, .arm])
  func itFollowsEachMember(structure: PlantStructure) {
    let shape = EnsembleShape.small(structure)
    let parameters = RandomParameters(shape, seed: 3)
    let model = ModelConfiguration.ensemble(shape)
    let block = Block(bytes: Forecast.byteCount(model, structure))
    var arena = Arena(base: block.pointer, capacity: block.bytes)
    var forecast = Forecast(model, structure, arena: &arena)
    forecast.adopt(parameters.block.floats)
    #expect(forecast.memberCount == 3)

    let own = Block(bytes: 1 << 20)
    var ownArena = Arena(base: own.pointer, capacity: own.bytes)
    var ensemble = Ensemble(structure: structure, shape: shape, arena: &ownArena)
    ensemble.prepare(structure: structure, shape: shape)
    ensemble.adopt(parameters.block.floats)
    let state = ownArena.lanes(structure.stateCount)
    let next = ownArena.lanes(structure.stateCount)
    let action = ownArena.lanes(structure.actionCount)

    let ticks = 6
    var random = TestRandom(5)
    let start = (0..<structure.stateCount).map { _ in random.uniform(-1, 1) }
    let plan = (0..<ticks * structure.actionCount).map { _ in random.uniform(-1, 1) }
    var states = [Float](repeating: .nan, count: (ticks + 1) * structure.stateCount)
    for member in 0..<shape.memberCount {
      states.withUnsafeMutableBufferPointer {
        forecast.run(member: member, from: start, under: plan, ticks: ticks, into: $0.baseAddress!)
      }
      #expect(Array(states[..<structure.stateCount]) == start)
      for i in 0..<structure.stateCount { state[i] = Lanes(repeating: start[i]) }
      for t in 0..<ticks {
        for i in 0..<structure.actionCount {
          action[i] = Lanes(repeating: plan[t * structure.actionCount + i])
        }
        ensemble.predict(member: member, state, action, vectors: 1, into: next)
        for i in 0..<structure.stateCount {
          state[i] = next[i]
          #expect(states[(t + 1) * structure.stateCount + i] == next[i][0])
        }
      }
    }
  }
}
