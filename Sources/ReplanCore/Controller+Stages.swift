import ReplanNumerics

/// The stages of a tick.
extension Controller {
  /// True if a missing observation can be stood in for: by the model, or by exploring blindly.
  var canPredict: Bool {
    switch mode {
    case .explore: true
    case .plan: model.isReady
    // A plant that is to come to rest is not driven blindly.
    case .settle: false
    }
  }

  func key(_ tick: Int) -> RandomKey {
    RandomKey(seed: settings.seed, episode: episode, tick: tick)
  }

  /// Makes up for ticks that were missed since the last: the plant went on under the action that was
  /// sent last, and the plan has grown older by them.
  ///
  /// They show in the samples' numbers alone, against the ticks that did run without a sample.
  @inline(always)
  mutating func passOver(_ observation: borrowing Observation, tick: Int) {
    ticksSinceSample += 1
    guard observation.tick == tick else { return }
    let ahead = ticksSinceSample - max(1, observation.elapsedSamples)
    // A sample that came a tick late is made up for by the next one, which counts for two.
    ticksSinceSample = ahead > 0 ? 1 : 0
    guard ahead < 0 else { return }
    // Beyond the longest latency everything on its way has arrived.
    for _ in 0..<min(-ahead, Capacity.latencyTicks) {
      holdCommitted()
      // What was not observed is remembered, and filtered, as it was predicted.
      let goesOn = measuredCount < settings.stateCount || filter != nil
      if hasEstimate && goesOn && model.isReady { predictEstimate() }
      planner.shift()
      supervisor.age()
    }
  }

  /// A period in which nothing was sent: what is on its way in the plant is a sample further, and the
  /// action that was sent last follows itself.
  @inline(always)
  private mutating func holdCommitted() {
    let newest = settings.timing == .nextTick ? committedCount - 2 : committedCount - 1
    // Without a delay in the plant it is in force already.
    guard newest >= 0 else { return }
    departed = committed[0]
    for k in 0..<newest { committed[k] = committed[k + 1] }
  }

  /// Where the plant will be when the first action that can still be chosen takes effect.
  @inline(always)
  func lookAhead() {
    for i in 0..<settings.stateCount { start[i] = estimate[i] }
    for k in 0..<committedCount { predict(start, under: committed[k]) }
    for i in 0..<settings.actionCount { previous[i] = lastAction[i] }
  }

  @inline(always)
  func problem(_ tick: Int) -> PlanningProblem {
    PlanningProblem(
      model: model, objective: objective, limits: limits, state: start, previous: previous,
      key: key(tick), crew: crew)
  }

  /// True if the plan is to be executed further, and lies in what is known as far.
  @inline(always)
  var mayFollow: Bool {
    isExecutingPlan && supervisor.ticksWithoutPlan < settings.executedTicks
      && supervisor.knownTicks > 0
  }

  /// Takes the plan's next action without making another plan.
  @inline(always)
  mutating func follow(_ tick: Int, _ decision: inout Decision) {
    decision.verdict = .followed
    decision.action = planner.plan.action(0)
    decision.knownTicks = supervisor.knownTicks
    keepInside(tick, &decision)
  }

  /// Improves the plan and takes its first action, or follows the last plan.
  @inline(always)
  mutating func plan(
    _ tick: Int, isBridged: Bool, _ decision: inout Decision, mayContinue: (Int) -> Bool
  ) {
    let outcome = planner.improve(problem(tick), mayContinue: mayContinue)
    let isFresh = outcome.isUsable
    decision.iterations = outcome.iterations
    decision.planCost = outcome.cost
    if isFresh {
      decision.verdict = isBridged ? .bridged : .planned
    } else if outcome.iterations > 0 {
      // Work that ran and found no finite cost is no matter of time.
      decision.verdict = .noPlan
      supervisor.know(0)
    } else {
      decision.verdict = supervisor.mayFollow ? .shifted : .late
    }
    decision.action = planner.plan.action(0)
    isExecutingPlan = isFresh
    look(tick, &decision)
    if !decision.verdict.isFallback { keepInside(tick, &decision) }
  }

  /// How far the plan lies in what the model knows.
  @inline(always)
  private mutating func look(_ tick: Int, _ decision: inout Decision) {
    for i in 0..<settings.actionCount { chosen[i] = decision.action[i] }
    decision.disagreement = model.hasMembers ? model.disagreement(point: start, chosen) : .nan
    guard decision.verdict.isFallback == false else { return }
    if decision.verdict == .shifted {
      decision.knownTicks = supervisor.knownTicks
      return
    }
    decision.knownTicks = knownTicks(first: decision.disagreement)
    let needed = min(settings.knownTicks, planner.plan.horizon)
    let isKnown = decision.knownTicks >= needed
    supervisor.know(isKnown ? decision.knownTicks : 0)
    if !isKnown { decision.verdict = .unknown }
  }

  /// Ticks of the plan up to the first at which the members disagree more than they may, along the
  /// states that their mean predicts.
  @inline(always)
  private func knownTicks(first: Float) -> Int {
    let plan = planner.plan
    guard gate < .infinity, model.hasMembers else { return plan.horizon }
    // Written so that a disagreement that is not a number is too much.
    guard first <= gate else { return 0 }
    let stateCount = settings.stateCount
    for i in 0..<stateCount { along[i] = start[i] }
    for t in 1..<plan.horizon {
      predict(along, under: plan.action(t - 1))
      for i in 0..<plan.actionCount { chosen[i] = plan.actions[t * plan.actionCount + i] }
      guard model.disagreement(point: along, chosen) <= gate else { return t }
    }
    return plan.horizon
  }

  /// Executes the plan only if it stays inside the envelope, or a more cautious one that does.
  @inline(always)
  private mutating func keepInside(_ tick: Int, _ decision: inout Decision) {
    guard review.envelopeTicks > 0 else { return }
    let choice = review.choose(
      planner.plan, problem(tick), supervisor.table, into: &decision.action)
    guard let choice else {
      decision.verdict = .leavingEnvelope
      supervisor.know(0)
      return
    }
    guard choice > 0 else { return }
    isExecutingPlan = false
    // What was wrong before planning is the graver cause.
    if decision.verdict == .planned || decision.verdict == .followed {
      decision.verdict = .restrained
    }
  }

  /// The action of a verdict that admits no plan.
  @inline(always)
  func fallback(_ verdict: Verdict, _ tick: Int) -> ActionVector {
    let safe = settings.safe
    switch settings.fallback {
    case .hold: return lastAction
    case .safe: return safe
    case .feedback:
      // Both that follow need the state, and it has to be known.
      return verdict.knowsState ? feedback.action(estimate, safe: safe, supervisor.table) : safe
    case .lqr:
      guard verdict.knowsState, let regulator, regulator.isReady else { return safe }
      lookAhead()
      let outcome = regulator.improve(problem(tick)) { _ in true }
      return outcome.isUsable ? regulator.plan.action(0) : safe
    }
  }

  /// Puts the decided action into the queue of those that are not yet in force.
  @inline(always)
  mutating func commit(_ action: ActionVector) {
    lastAction = action
    guard committedCount > 0 else {
      departed = action
      return
    }
    departed = committed[0]
    for k in 1..<max(committedCount, 1) { committed[k - 1] = committed[k] }
    committed[committedCount - 1] = action
  }
}
