import ReplanNumerics
import Testing

@testable import ReplanCore

/// Whether plans are the same however the rollouts are shared.
@Suite struct SweepTests {
  static let cases = PlannerPropertyTests.cases.filter {
    switch $0.planner {
    case .crossEntropy, .pathIntegral, .randomShooting, .polished: true
    case .ilqr, .lqr: false
    }
  }

  /// The bits of action, cost and plan of some ticks.
  private func bits(
    _ this: PlannerPropertyTests.Case, workers: Int, _ crew: Crew, ticks: Int = 30
  ) -> [UInt32] {
    var configuration = ControllerFixture.configuration(this.planner, slew: 3, actionRate: 0.002)
    configuration.value = this.value
    configuration.propagation = this.propagation
    configuration.shape.noise = this.noise
    configuration.workers = workers
    let fixture = ControllerFixture(configuration)
    fixture.controller.employ(crew)
    return (0..<ticks).flatMap { k in
      let decision = fixture.tick(k, [0.1, 0.02 * Float(k), 3 - Float(k) / 10, 0.2])
      let plan = fixture.controller.planner.plan
      return [decision.action[0].bitPattern, decision.planCost.bitPattern]
        + (0..<plan.count).map { plan.actions[$0].bitPattern }
    }
  }

  @Test(arguments: cases)
  func plansHaveTheSameBitsForAnyNumberOfWorkers(this: PlannerPropertyTests.Case) {
    let alone = bits(this, workers: 1, Crew())
    #expect(bits(this, workers: 2, CrewFixture.reversed) == alone)
    #expect(bits(this, workers: 3, Crew()) == alone)
    var random = TestRandom(5)
    withUnsafeMutablePointer(to: &random) {
      #expect(bits(this, workers: 5, CrewFixture.shuffled($0)) == alone)
    }
    // More workers than there are vectors.
    #expect(bits(this, workers: 16, CrewFixture.reversed) == alone)
  }

  @Test func aVectorsCostDoesNotDependOnTheSizeOfItsBlock() {
    for (index, propagation) in PlannerPropertyTests.propagations.map(\.1).enumerated() {
      let fixture = PlannerFixture(
        .randomShooting(RandomShootingConfiguration(horizon: 10)), slew: 3, actionRate: 0.002,
        value: .pessimistic(0.9), propagation: propagation,
        noise: index % 2 == 0 ? .predicted : .constant)
      // With AVX2 a block is one vector, and there is nothing to compare.
      for size in 1...Ensemble.blockVectors {
        let together = costs(fixture, vectors: size, inBlocksOf: size)
        #expect(together.allSatisfy(\.isFinite) && Set(together).count > 8 * size)
        let apart = costs(fixture, vectors: size, inBlocksOf: 1)
        #expect(together.map(\.bitPattern) == apart.map(\.bitPattern))
      }
    }
  }

  /// Costs of random candidates, valued in blocks of a size.
  private func costs(_ fixture: PlannerFixture, vectors: Int, inBlocksOf size: Int) -> [Float] {
    let horizon = 10
    func make(_ arena: inout Arena) -> (Scorer, UnsafeMutablePointer<Lanes>) {
      (Scorer(fixture.configuration, horizon: horizon, arena: &arena), arena.lanes(vectors))
    }
    var measure = Arena.measuring()
    _ = make(&measure)
    let memory = Block(bytes: measure.used)
    let drawn = Block(bytes: horizon * size * 64)
    var arena = Arena(base: memory.pointer, capacity: memory.bytes)
    let (scorer, result) = make(&arena)
    let actions = drawn.pointer.assumingMemoryBound(to: Lanes.self)
    var random = TestRandom(9)
    let plans = (0..<(horizon * vectors)).map { _ in
      Lanes((0..<16).map { _ in random.uniform(-10, 10) })
    }
    fixture.withProblem([0.3, -0.4, 2.2, 0.5]) { problem in
      for start in stride(from: 0, to: vectors, by: size) {
        for t in 0..<horizon {
          for v in 0..<size { actions[t * size + v] = plans[t * vectors + start + v] }
        }
        scorer.score(
          actions, vectors: size, first: start * 16, iteration: 1, problem, into: result + start)
      }
    }
    return (0..<(16 * vectors)).map { result[$0 / 16][$0 % 16] }
  }

  /// Weight of each worker's units; nil if a unit belongs to none.
  private func shares(candidates count: Int, particles: Int, workers: Int) -> [Int] {
    var arena = Arena.measuring()
    let candidates = Candidates(
      capacity: count, horizon: 1, actionCount: 1, particles: particles, workers: workers,
      arena: &arena)
    let total = Lanes.vectors(for: count) * particles
    var shares = [Int](repeating: 0, count: workers)
    var before = 0
    while before < total {
      let vectors = candidates.block(of: before / particles, count: count).vectors
      for _ in 0..<particles {
        let owner = Sweep.owner(before: before, weight: vectors, of: total, workers: workers)
        shares[owner] += vectors
        before += vectors
      }
    }
    return shares
  }

  @Test func workersHaveSharesOfAboutTheSameWeight() {
    // Thirteen vectors under five particles.
    let two = shares(candidates: 200, particles: 5, workers: 2)
    #expect(two.reduce(0, +) == 65 && two.max()! <= 34)
    #expect(shares(candidates: 1000, particles: 1, workers: 2).max()! <= 33)
    // Without particles a vector is the finest there is.
    #expect(shares(candidates: 200, particles: 1, workers: 2).sorted() == [6, 7])
    for workers in 1...16 {
      for count in [1, 16, 33, 200, 1000] {
        for particles in [1, 3, 5, 20] {
          let shares = shares(candidates: count, particles: particles, workers: workers)
          let total = shares.reduce(0, +)
          #expect(total == Lanes.vectors(for: count) * particles)
          let largest = (total + workers - 1) / workers + Ensemble.blockVectors
          #expect(shares.max()! <= largest)
        }
      }
    }
  }

  @Test func anIterationIsOneForkOfAllParts() {
    var configuration = ControllerFixture.configuration(
      .crossEntropy(
        CrossEntropyConfiguration(horizon: 8, iterations: 3, candidates: 40, elites: 5)))
    configuration.workers = 4
    let fixture = ControllerFixture(configuration)
    let counts = UnsafeMutablePointer<Int>.allocate(capacity: 16)
    counts.initialize(repeating: 0, count: 16)
    defer { counts.deallocate() }
    fixture.controller.employ(CrewFixture.counting(counts))
    for k in 0..<5 { #expect(fixture.tick(k).verdict == .planned) }
    #expect((0..<16).map { counts[$0] } == (0..<16).map { $0 < 4 ? 15 : 0 })
  }

  @Test func workersStayInsideTheArena() {
    for this in Self.cases where this.propagation.hasNoise {
      var configuration = ControllerFixture.configuration(this.planner)
      configuration.value = this.value
      configuration.propagation = this.propagation
      configuration.workers = 5
      let bytes = Controller.byteCount(configuration)
      let block = Block(bytes: bytes + 4096)
      let rest = block.pointer + bytes
      rest.initializeMemory(as: UInt8.self, repeating: 0xA5, count: 4096)
      var arena = Arena(base: block.pointer, capacity: bytes)
      var controller = Controller(configuration, arena: &arena)
      #expect(arena.used == bytes)
      let parameters = RandomParameters(configuration.shape, seed: 8)
      controller.adopt(parameters.block.floats)
      controller.begin(episode: 1, mode: .plan)
      for k in 0..<3 {
        let observation = Observation(values: StateVector(repeating: 0.1), tick: k)
        #expect(controller.tick(observation, tick: k) { _ in true }.verdict == .planned)
      }
      #expect((0..<4096).allSatisfy { rest.load(fromByteOffset: $0, as: UInt8.self) == 0xA5 })
    }
  }

  @Test(arguments: [
    ModelConfiguration.linear, .physics(PhysicsConfiguration(equation: .cartPole, substeps: 2)),
    .hybrid(PhysicsConfiguration(equation: .cartPole, substeps: 2), .small(.cartPole)),
  ])
  func otherModelsAreSharedToo(model: ModelConfiguration) {
    func run(_ workers: Int) -> [UInt32] {
      var configuration = ControllerFixture.configuration(
        .pathIntegral(PathIntegralConfiguration(horizon: 10, candidates: 200)))
      configuration.model = model
      configuration.propagation = Propagation(.mean, hasNoise: true, particles: 3)
      configuration.workers = workers
      let block = Block(bytes: Controller.byteCount(configuration))
      var arena = Arena(base: block.pointer, capacity: block.bytes)
      var controller = Controller(configuration, arena: &arena)
      controller.employ(CrewFixture.reversed)
      let parameters = Block(bytes: controller.parameterCount * 4)
      for i in 0..<controller.parameterCount { parameters.floats[i] = 0.1 + 0.01 * Float(i % 7) }
      controller.adopt(parameters.floats)
      controller.begin(episode: 1, mode: .plan)
      return (0..<10).flatMap { k in
        let observation = Observation(values: StateVector(repeating: 0.1), tick: k)
        let decision = controller.tick(observation, tick: k) { _ in true }
        return [decision.action[0].bitPattern, decision.planCost.bitPattern]
      }
    }
    let alone = run(1)
    #expect(Set(alone).count > 10)
    #expect(run(3) == alone)
  }
}
