import Testing

@testable import ReplanCore

/// A memory's channels: what they repeat, and what a controller keeps in them.
@Suite struct PlantStructureMemoryTests {
  @Test func eachTickHasTheValuesAndActionsOfTheOneBefore() {
    let structure = PlantStructure.cartPole.remembering(2)
    // The invariant position is not remembered: three channels and the force, twice.
    #expect(structure.stateCount == 4 + 2 * 4 && structure.measuredCount == 4)
    #expect(structure.memoryTicks == 2 && structure.outputCount == 2)
    let repeats = (4..<12).map { structure.states[$0].repeats }
    #expect(repeats == [1, 2, 3, 12, 4, 5, 6, 7])
    #expect((4..<12).map { structure.states[$0].isAngle } == [5, 9].flatMapped(4..<12))
    #expect((4..<12).allSatisfy { structure.states[$0].mirror == ($0 % 4 == 3 ? 1 : -1) })
    // Sine and cosine of the angle, two velocities; three differences for each of two ticks; forces.
    #expect(structure.inputCount == (2 + 2) + 2 * 3 + 3)
  }

  @Test func withoutAMemoryNothingIsAdded() {
    let structure = PlantStructure.arm.remembering(0)
    #expect(structure.stateCount == 5 && structure.memoryTicks == 0)
    #expect(structure.measuredCount == 5)
  }

  @Test func aControllerRemembersWhatItSawAndSent() {
    var configuration = ControllerFixture.configuration()
    configuration.structure = PlantStructure.cartPole.remembering(2)
    configuration.model = .ensemble(.small(configuration.structure))
    let fixture = ControllerFixture(configuration)
    func estimate() -> [Float] { (0..<12).map { fixture.controller.estimate[$0] } }
    _ = fixture.tick(0, [0.1, 1, 3, 5])
    // The first observation stands for the past, the safe action for what was sent.
    #expect(estimate() == [0.1, 1, 3, 5, 1, 3, 5, 0, 1, 3, 5, 0])
    _ = fixture.tick(1, [0.2, 2, 3.1, 6])
    #expect(estimate() == [0.2, 2, 3.1, 6, 1, 3, 5, 0, 1, 3, 5, 0])
    let force = fixture.controller.departed[0]
    let decision = fixture.tick(2, [0.3, 3, 3.2, 7])
    #expect(decision.verdict == .planned)
    #expect(Array(estimate()[..<7]) == [0.3, 3, 3.2, 7, 2, 3.1, 6])
    #expect(Array(estimate()[8...]) == [1, 3, 5, 0])
    #expect(estimate()[7] == force)
    // A missing observation is bridged, and the memory goes on.
    _ = fixture.tick(3, age: 1)
    #expect(Array(estimate()[4..<7]) == [3, 3.2, 7] && estimate()[8] == 2)
  }
}

extension [Int] {
  /// Which numbers of a range are among these.
  fileprivate func flatMapped(_ range: Range<Int>) -> [Bool] { range.map { contains($0) } }
}
