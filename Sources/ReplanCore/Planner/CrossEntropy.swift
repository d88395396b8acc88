import ReplanNumerics

/// The cross-entropy method: samples plans, refits their distribution to the best, repeats.
///
/// Each particle of a candidate follows one member of the ensemble over the whole horizon; a
/// candidate costs the mean over its particles, E[V(s')] rather than V(E[s']).
///
/// - Source: Rubinstein 1999; Chua et al. 2018 (PETS), arXiv:1805.12114. Coloured noise and the
///   returned best sample after Pinneri et al. 2020 (iCEM), arXiv:2008.06389.
struct CrossEntropy {
  let settings: CrossEntropyConfiguration
  let plan: Plan
  private let horizon: Int
  private let actionCount: Int
  private let rollout: Rollout
  private let noise: ColouredNoise
  private let costs: UnsafeMutablePointer<Lanes>
  private let particleCosts: UnsafeMutablePointer<Lanes>
  /// Distribution of the plan [horizon × A].
  private let mean: UnsafeMutablePointer<Float>
  private let deviation: UnsafeMutablePointer<Float>
  /// The best candidates of an iteration, best first: costs [E], plans [E × horizon × A].
  private let eliteCosts: UnsafeMutablePointer<Float>
  private let elites: UnsafeMutablePointer<Float>
  /// Which row of `elites` each rank lies in.
  private let ranks: UnsafeMutablePointer<Int>

  init(
    _ settings: CrossEntropyConfiguration, _ configuration: ControllerConfiguration,
    arena: inout Arena
  ) {
    self.settings = settings
    horizon = settings.horizon
    actionCount = configuration.structure.actionCount
    plan = Plan(horizon: horizon, actionCount: actionCount, arena: &arena)
    rollout = Rollout(horizon: horizon, structure: configuration.structure, arena: &arena)
    noise = ColouredNoise(horizon: horizon, exponent: settings.noiseExponent, arena: &arena)
    costs = arena.lanes(Ensemble.blockVectors)
    particleCosts = arena.lanes(Ensemble.blockVectors)
    mean = arena.floats(horizon * actionCount)
    deviation = arena.floats(horizon * actionCount)
    eliteCosts = arena.floats(settings.elites)
    elites = arena.floats(settings.elites * horizon * actionCount)
    ranks = arena.take(Int.self, count: settings.elites)
  }

  func prepare() { noise.prepare() }

  func improve(
    _ problem: borrowing PlanningProblem, mayContinue: (Int) -> Bool
  ) -> PlanOutcome {
    begin(problem.limits)
    var best = Float.infinity
    var iterations = 0
    while iterations < settings.iterations && mayContinue(iterations) {
      sample(iterations, problem)
      iterations += 1
      guard eliteCosts[0] < .infinity else { continue }
      if eliteCosts[0] < best {
        best = eliteCosts[0]
        let row = elites + ranks[0] * horizon * actionCount
        for k in 0..<(horizon * actionCount) { plan.actions[k] = row[k] }
      }
      refit()
    }
    return PlanOutcome(cost: best, iterations: iterations)
  }

  private func begin(_ limits: LimitTable) {
    for t in 0..<horizon {
      for i in 0..<actionCount {
        let k = t * actionCount + i
        mean[k] = plan.actions[k]
        deviation[k] = settings.noise * limits.half[i]
      }
    }
  }

  /// Samples and values all candidates of an iteration and ranks the elites.
  private func sample(
    _ iteration: Int, _ problem: borrowing PlanningProblem
  ) {
    for e in 0..<settings.elites {
      eliteCosts[e] = .infinity
      ranks[e] = e
    }
    var first = 0
    while first < settings.candidates {
      let vectors = Ensemble.blockVectors(of: Lanes.vectors(for: settings.candidates - first))
      rollout.begin(state: problem.state, previous: problem.previous, vectors: vectors)
      fill(iteration, first: first, vectors: vectors, problem.key)
      for v in 0..<vectors { costs[v] = Lanes(repeating: 0) }
      for m in 0..<problem.model.memberCount {
        rollout.run(
          vectors: vectors, problem, .member(m), costs: particleCosts)
        for v in 0..<vectors {
          costs[v] = costs[v].adding(
            1 / Float(problem.model.memberCount), times: particleCosts[v])
        }
      }
      for c in 0..<min(vectors * Lanes.width, settings.candidates - first) {
        rank(cost: costs[c / Lanes.width][c % Lanes.width], lane: c, vectors: vectors)
      }
      first += vectors * Lanes.width
    }
  }

  private func fill(_ iteration: Int, first: Int, vectors: Int, _ key: RandomKey) {
    for v in 0..<vectors {
      for i in 0..<actionCount {
        let at = rollout.actions + i * vectors + v
        let step = actionCount * vectors
        noise.sample(
          key: key, iteration: iteration, first: first + v * Lanes.width, channel: i, into: at,
          step: step)
        for t in 0..<horizon {
          let k = t * actionCount + i
          let centre = Lanes(repeating: mean[k])
          var value = centre.adding(deviation[k], times: at[t * step])
          // Candidate 0 is the mean itself, so the best never gets worse than it.
          if first == 0 && v == 0 { value[0] = centre[0] }
          at[t * step] = value
        }
      }
    }
  }

  /// Inserts a candidate among the elites if it is good enough; equal costs keep their order.
  private func rank(cost: Float, lane: Int, vectors: Int) {
    let last = settings.elites - 1
    guard cost < eliteCosts[last] else { return }
    let row = ranks[last]
    var e = last
    while e > 0 && cost < eliteCosts[e - 1] {
      eliteCosts[e] = eliteCosts[e - 1]
      ranks[e] = ranks[e - 1]
      e -= 1
    }
    eliteCosts[e] = cost
    ranks[e] = row
    let destination = elites + row * horizon * actionCount
    for k in 0..<(horizon * actionCount) {
      destination[k] = rollout.actions[k * vectors + lane / Lanes.width][lane % Lanes.width]
    }
  }

  /// Moves the distribution to the elites' mean and standard deviation.
  private func refit() {
    var count = 0
    while count < settings.elites && eliteCosts[count] < .infinity { count += 1 }
    let keep = settings.momentum
    for k in 0..<(horizon * actionCount) {
      var sum: Float = 0
      for e in 0..<count { sum += elites[ranks[e] * horizon * actionCount + k] }
      let average = sum / Float(count)
      var squares: Float = 0
      for e in 0..<count {
        let d = elites[ranks[e] * horizon * actionCount + k] - average
        squares += d * d
      }
      mean[k] = keep * mean[k] + (1 - keep) * average
      deviation[k] = keep * deviation[k] + (1 - keep) * squareRoot(squares / Float(count))
    }
  }
}
