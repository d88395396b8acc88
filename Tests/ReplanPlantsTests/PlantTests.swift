import ReplanPlants
import Testing

struct PlantTests {
  private static let kinds = (0..<PlantKind.count).compactMap(PlantKind.init(rawValue:))

  private func parameters(_ kind: PlantKind, _ seed: UInt32) -> [PlantParameter] {
    let plant = Plant(kind, seed: PlantSeed(seed, 0))
    return (0..<plant.facts.parameterCount).map(plant.parameter)
  }

  @Test(arguments: kinds) func parametersFillTheirRanges(kind: PlantKind) {
    let draws = (1...200).map { parameters(kind, $0) }
    for i in 0..<kind.facts.parameterCount {
      let range = draws[0][i].range
      let values = draws.map { $0[i].value }
      #expect(values.allSatisfy(range.contains))
      let width = range.upperBound - range.lowerBound
      #expect(values.min()! < range.lowerBound + 0.05 * width)
      #expect(values.max()! > range.upperBound - 0.05 * width)
    }
    #expect(Set(draws[0].map { "\($0.name)" }).count == kind.facts.parameterCount)
  }

  @Test(arguments: kinds) func theSeedDecidesThePlant(kind: PlantKind) {
    #expect(parameters(kind, 7).map(\.value) == parameters(kind, 7).map(\.value))
    #expect(parameters(kind, 7).map(\.value) != parameters(kind, 8).map(\.value))
  }

  @Test(arguments: kinds) func theSeedDecidesARandomReset(kind: PlantKind) {
    var plant = Plant(kind, seed: PlantSeed(1, 0))
    plant.reset(.random(PlantSeed(5, 0)))
    let first = plant.state
    plant.advance(kind.facts.actionHigh, microseconds: 50_000)
    plant.reset(.random(PlantSeed(5, 0)))
    #expect(plant.state == first)
    plant.reset(.random(PlantSeed(6, 0)))
    #expect(plant.state != first)
    plant.reset(.rest)
    #expect(plant.state == Plant(kind, seed: PlantSeed(1, 0)).state)
  }

  @Test(arguments: kinds) func advancingIsRepeatable(kind: PlantKind) {
    var one = Plant(kind, seed: PlantSeed(1, 0))
    var other = one
    one.advance(kind.facts.actionHigh, microseconds: 1_000_000)
    for _ in 0..<50 { other.advance(kind.facts.actionHigh, microseconds: 20_000) }
    #expect(one.state == other.state)
    #expect(one.state != Plant(kind, seed: PlantSeed(1, 0)).state)
  }

  @Test(arguments: kinds) func theSafeActionIsWithinTheLimits(kind: PlantKind) {
    let facts = kind.facts
    #expect(facts.clamped(facts.safeAction) == facts.safeAction)
    #expect(facts.clamped(facts.actionHigh * 3) == facts.actionHigh)
    #expect(facts.clamped(facts.actionLow * 3) == facts.actionLow)
  }

  @Test(arguments: [0, 1, 3, 31]) func theActuatorLagsBySamples(samples: Int) {
    var actuator = ActuatorDelay(samples: samples, safe: PlantAction(repeating: 0))
    for k in 0..<100 {
      actuator.command(PlantAction(repeating: Float(k + 1)))
      #expect(actuator.applied[0] == Float(max(0, k + 1 - samples)))
      #expect(actuator.commanded[0] == Float(k + 1))
      actuator.nextInterval()
    }
    // Without a new command the last one goes on.
    for _ in 0...samples { actuator.nextInterval() }
    #expect(actuator.applied[0] == 100)
    actuator.reset(safe: PlantAction(repeating: -1))
    #expect(actuator.applied[0] == -1)
  }
}
