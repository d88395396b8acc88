import ReplanNumerics

/// Looks at a plan before it is executed: how far it lies in what the model knows, and whether it
/// stays inside the envelope.
///
/// The plan is rolled out side by side with more cautious ones, one a lane: the plan for a few
/// ticks and then the safe action, what was executed last, the last action held, the safe action at
/// once. The first that stays inside in enough particles is executed.
///
/// - Source: falling back on a plan that is known to be safe is the idea of Wabersich and Zeilinger
///   2018, "Linear model predictive safety certification", 10.1109/CDC.2018.8619829; here the
///   safe continuation is predicted by the learned model and not proven.
struct PlanReview {
  /// How far ahead plans are held against the envelope, in ticks; 0 if nothing is to be left.
  let envelopeTicks: Int
  private let safe: UnsafeMutablePointer<Float>
  private let stateCount: Int
  private let actionCount: Int
  private let propagation: Propagation
  private let particles: Int
  /// Particles that may leave without the plan leaving under the pessimistic value.
  private let tolerated: Int
  /// The plan that the review chose last, from the tick after that on [envelope ticks × A].
  private let accepted: UnsafeMutablePointer<Float>
  /// The plans side by side [envelope ticks × A].
  private let actions: UnsafeMutablePointer<Lanes>
  // Scratch: two states [S] and the normal numbers of a step.
  private let even: UnsafeMutablePointer<Lanes>
  private let odd: UnsafeMutablePointer<Lanes>
  private let normals: UnsafeMutablePointer<Lanes>

  /// Plans in the order of preference: lane 0 is the plan itself, 1 to 4 keep this many ticks of it.
  private static var keptTicks: SIMD4<Int> { SIMD4(8, 4, 2, 1) }
  private static var acceptedLane: Int { 5 }
  private static var holdLane: Int { 6 }
  private static var lastLane: Int { 7 }

  init(_ configuration: ControllerConfiguration, arena: inout Arena) {
    let guarding = configuration.guarding
    stateCount = configuration.structure.stateCount
    actionCount = configuration.structure.actionCount
    envelopeTicks =
      guarding.hasEnvelope ? min(guarding.envelopeTicks, configuration.planner.horizon) : 0
    propagation = configuration.propagation
    particles = max(
      propagation.count(members: configuration.model.memberCount),
      configuration.model.memberCount)
    tolerated = Int(Float(particles) * 0.5 * (1 - guarding.envelopeShare))
    safe = arena.floats(actionCount)
    accepted = arena.floats(envelopeTicks * actionCount)
    actions = arena.lanes(envelopeTicks * actionCount)
    even = arena.lanes(stateCount)
    odd = arena.lanes(stateCount)
    normals = arena.lanes((configuration.model.noiseCount(configuration.structure) + 3) / 4 * 4)
  }

  func prepare(_ limits: ActionLimits) {
    for i in 0..<actionCount { safe[i] = limits.safe[i] }
  }

  /// Forgets what was executed.
  func begin() {
    for t in 0..<envelopeTicks {
      for i in 0..<actionCount { accepted[t * actionCount + i] = safe[i] }
    }
  }

  /// The action to be executed: the plan's own, a more cautious one, or none.
  ///
  /// - Returns: the preference that stays inside (0: the plan itself), or nil.
  func choose(
    _ plan: Plan, _ problem: borrowing PlanningProblem, _ table: GuardTable,
    into action: inout ActionVector
  ) -> Int? {
    lay(plan, problem)
    let inside = stayInside(problem, table)
    for lane in 0...PlanReview.lastLane where inside[lane] {
      for t in 0..<envelopeTicks {
        for i in 0..<actionCount {
          accepted[t * actionCount + i] = actions[t * actionCount + i][lane]
        }
      }
      for i in 0..<actionCount { action[i] = actions[i][lane] }
      shiftAccepted()
      return lane
    }
    shiftAccepted()
    return nil
  }

  private func shiftAccepted() {
    for k in 0..<((envelopeTicks - 1) * actionCount) { accepted[k] = accepted[k + actionCount] }
  }

  /// Writes the plans side by side, inside range and slew.
  private func lay(_ plan: Plan, _ problem: borrowing PlanningProblem) {
    let limits = problem.limits
    for t in 0..<envelopeTicks {
      for i in 0..<actionCount {
        let planned = plan.actions[t * actionCount + i]
        var row = Lanes(repeating: safe[i])
        row[0] = planned
        for k in 0..<4 where t < PlanReview.keptTicks[k] { row[k + 1] = planned }
        row[PlanReview.acceptedLane] = accepted[t * actionCount + i]
        row[PlanReview.holdLane] = problem.previous[i]
        let before =
          t == 0 ? Lanes(repeating: problem.previous[i]) : actions[(t - 1) * actionCount + i]
        let slew = Lanes(repeating: limits.slew[i])
        actions[t * actionCount + i] = row.greater(before - slew).lesser(before + slew)
          .limited(limits.low[i], limits.high[i])
      }
    }
  }

  /// Lane by lane, whether few enough particles leave the envelope.
  private func stayInside(
    _ problem: borrowing PlanningProblem, _ table: GuardTable
  ) -> SIMDMask<SIMD16<Int32>> {
    var outside = SIMD16<Int32>(repeating: 0)
    for p in 0..<particles {
      for i in 0..<stateCount { even[i] = Lanes(repeating: problem.state[i]) }
      var hasLeft = SIMDMask<SIMD16<Int32>>(repeating: false)
      for t in 0..<envelopeTicks {
        let now = t % 2 == 0 ? even : odd
        let next = t % 2 == 0 ? odd : even
        predict(particle: p, t, now, problem, into: next)
        for i in 0..<stateCount {
          // Written so that a value that is not a number is outside.
          let isInside =
            (next[i] .>= Lanes(repeating: table.envelopeLow[i]))
            .& (next[i] .<= Lanes(repeating: table.envelopeHigh[i]))
          hasLeft = hasLeft .| .!isInside
        }
      }
      outside =
        outside
        &+ SIMD16<Int32>(repeating: 0)
        .replacing(with: SIMD16<Int32>(repeating: 1), where: hasLeft)
    }
    return outside .<= SIMD16<Int32>(repeating: Int32(truncatingIfNeeded: tolerated))
  }

  /// One particle follows one member throughout; all plans are given the same noise.
  @inline(always)
  private func predict(
    particle: Int, _ t: Int, _ now: UnsafePointer<Lanes>, _ problem: borrowing PlanningProblem,
    into next: UnsafeMutablePointer<Lanes>
  ) {
    let member = particle % problem.model.memberCount
    let action = actions + t * actionCount
    guard propagation.hasNoise else {
      return problem.model.predict(member: member, now, action, vectors: 1, into: next)
    }
    let blocks = (problem.model.noiseCount + 3) / 4
    var stream = problem.key.stream(
      iteration: 0, candidate: RandomKey.candidate(0, particle: particle),
      channel: RandomKey.reviewChannel)
    stream.counter.x = UInt32(truncatingIfNeeded: t * blocks)
    for b in 0..<blocks {
      let drawn = stream.nextNormals()
      for k in 0..<4 { normals[4 * b + k] = Lanes(repeating: drawn[k]) }
    }
    problem.model.predict(
      member: member, now, action, vectors: 1, normals: normals, into: next, cost: nil)
  }
}
