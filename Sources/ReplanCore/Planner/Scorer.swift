import ReplanNumerics

/// Values blocks of candidates: rolls each out under its particles and reduces their costs.
struct Scorer {
  /// Particles of a candidate.
  let particles: Int
  private let rollout: Rollout
  private let propagation: Propagation
  private let valuation: Valuation
  /// Costs of a block that is scored by itself [particle × vectors].
  private let costs: UnsafeMutablePointer<Lanes>
  /// Normal numbers of a step [noise × vectors], the noise count rounded up to fours.
  private let normals: UnsafeMutablePointer<Lanes>

  init(_ configuration: ControllerConfiguration, horizon: Int, arena: inout Arena) {
    propagation = configuration.propagation
    particles = propagation.count(members: configuration.model.memberCount)
    valuation = Valuation(configuration.value, particles: particles)
    rollout = Rollout(horizon: horizon, structure: configuration.structure, arena: &arena)
    costs = arena.lanes(particles * Ensemble.blockVectors)
    let count = (configuration.model.noiseCount(configuration.structure) + 3) / 4 * 4
    normals = arena.lanes(propagation.hasNoise ? count * Ensemble.blockVectors : 1)
  }

  /// Room for the actions of a block.
  var scratchActions: UnsafeMutablePointer<Lanes> { rollout.actions }

  /// Limits the actions of a block and values them.
  ///
  /// - Parameter isPaired: all candidates are given the noise of the first, to be compared.
  /// - Shapes: actions [horizon × A × vectors], result [vectors].
  func score(
    _ actions: UnsafeMutablePointer<Lanes>, vectors: Int, first: Int, iteration: Int,
    _ problem: borrowing PlanningProblem, isPaired: Bool = false,
    into result: UnsafeMutablePointer<Lanes>
  ) {
    limit(actions, vectors: vectors, problem)
    for p in 0..<particles {
      roll(
        actions, particle: p, vectors: vectors, first: first, iteration: iteration, problem,
        isPaired: isPaired, into: costs + p * vectors)
    }
    reduce(costs, vectors: vectors, into: result)
  }

  /// Limits the actions of a block, and sets the start of its rollouts.
  func limit(
    _ actions: UnsafeMutablePointer<Lanes>, vectors: Int, _ problem: borrowing PlanningProblem
  ) {
    var rollout = rollout
    rollout.actions = actions
    rollout.begin(state: problem.state, previous: problem.previous, vectors: vectors)
    for t in 0..<rollout.horizon { rollout.limit(t, vectors: vectors, problem.limits) }
  }

  /// Rolls a limited block out under one particle.
  ///
  /// - Shapes: sums [vectors], overwritten by the costs.
  func roll(
    _ actions: UnsafeMutablePointer<Lanes>, particle: Int, vectors: Int, first: Int,
    iteration: Int, _ problem: borrowing PlanningProblem, isPaired: Bool = false,
    into sums: UnsafeMutablePointer<Lanes>
  ) {
    var rollout = rollout
    rollout.actions = actions
    for v in 0..<vectors { sums[v] = Lanes(repeating: 0) }
    for t in 0..<rollout.horizon {
      let member = member(particle: particle, t, iteration: iteration, problem)
      if propagation.hasNoise {
        draw(particle: particle, t, first: first, iteration: iteration, vectors: vectors, problem)
        if isPaired { share(vectors: vectors, problem) }
      }
      let dynamics = dynamics(member)
      rollout.advance(t, vectors: vectors, problem, dynamics, costs: sums)
    }
    for v in 0..<vectors { sums[v] = Rollout.finite(sums[v]) }
  }

  /// Values from the costs of all particles.
  ///
  /// - Shapes: costs [particle × vectors], overwritten; result [vectors].
  func reduce(
    _ costs: UnsafeMutablePointer<Lanes>, vectors: Int, into result: UnsafeMutablePointer<Lanes>
  ) {
    for v in 0..<vectors { result[v] = valuation.apply(costs + v, stride: vectors) }
  }

  @inline(always)
  private func dynamics(_ member: Int?) -> Rollout.Dynamics {
    if propagation.hasNoise { return .noisy(member: member, normals) }
    guard let member else { return .mean }
    return .member(member)
  }

  /// The member that a particle follows at step `t`; nil for the mean of all.
  @inline(always)
  private func member(
    particle: Int, _ t: Int, iteration: Int, _ problem: borrowing PlanningProblem
  ) -> Int? {
    let members = problem.model.memberCount
    switch propagation.dynamics {
    case .mean: return nil
    case .member: return particle % members
    case .resampled:
      var stream = problem.key.stream(
        iteration: iteration, candidate: RandomKey.candidate(0, particle: particle),
        channel: RandomKey.memberChannel)
      stream.counter.x = UInt32(truncatingIfNeeded: t)
      // 24 bits times at most 16 members fit 32 bits.
      return Int(((stream.next().x >> 8) &* UInt32(truncatingIfNeeded: members)) >> 24)
    }
  }

  /// Gives every lane the normal numbers of the first.
  private func share(vectors: Int, _ problem: borrowing PlanningProblem) {
    for j in 0..<problem.model.noiseCount {
      let shared = Lanes(repeating: normals[j * vectors][0])
      for v in 0..<vectors { normals[j * vectors + v] = shared }
    }
  }

  /// The normal numbers of one particle at step `t`.
  @inline(always)
  private func draw(
    particle: Int, _ t: Int, first: Int, iteration: Int, vectors: Int,
    _ problem: borrowing PlanningProblem
  ) {
    let blocks = (problem.model.noiseCount + 3) / 4
    for v in 0..<vectors {
      var stream = problem.key.lanes(
        iteration: iteration, first: first + v * Lanes.width, channel: RandomKey.noiseChannel,
        particle: particle)
      stream.block = UInt32(truncatingIfNeeded: t * blocks)
      for b in 0..<blocks {
        let drawn = stream.nextNormals()
        normals[(4 * b) * vectors + v] = drawn.0
        normals[(4 * b + 1) * vectors + v] = drawn.1
        normals[(4 * b + 2) * vectors + v] = drawn.2
        normals[(4 * b + 3) * vectors + v] = drawn.3
      }
    }
  }
}
