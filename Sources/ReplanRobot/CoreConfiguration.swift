public import ReplanCore

/// From the description to the values that the core takes: names become indices, seconds become
/// ticks, and double precision becomes single.
extension RobotDescription {
  public func structure() -> PlantStructure {
    var result = PlantStructure(
      stateCount: observation.count, actionCount: action.count, tick: Float(period))
    let mirrored = Set(declaredStructure.symmetry)
    for (index, channel) in observation.enumerated() {
      let velocity = declaredStructure.secondOrder.first { $0.position == channel.name }?.velocity
      result.states[index] = PlantStructure.StateChannel(
        isAngle: channel.kind == .angle,
        isInvariant: declaredStructure.invariant.contains(channel.name),
        velocity: velocity.flatMap(observationIndex) ?? -1,
        mirror: mirrored.contains(channel.name) ? -1 : 1)
    }
    for (index, channel) in action.enumerated() where mirrored.contains(channel.name) {
      result.actionMirror[index] = -1
    }
    result.isSymmetric = !mirrored.isEmpty
    return result
  }

  public func ensembleShape() -> EnsembleShape {
    let plant = structure()
    var hidden = InlineArray<4, Int>(repeating: 0)
    for (layer, width) in model.hidden.enumerated() { hidden[layer] = width }
    return EnsembleShape(
      inputCount: plant.inputCount, outputCount: plant.outputCount,
      hiddenLayerCount: model.hidden.count, hidden: hidden, memberCount: model.members,
      activation: model.activation.core, noise: model.likelihood.head,
      predictsCost: declaredObjective.learnedCost > 0)
  }

  /// - Units: each action's own; the slew limit per tick.
  public func limits() -> ActionLimits {
    var limits = ActionLimits(
      low: ActionVector(repeating: 0), high: ActionVector(repeating: 0),
      slewPerTick: ActionVector(repeating: .infinity), safe: ActionVector(repeating: 0))
    for (index, channel) in action.enumerated() {
      limits.low[index] = Float(channel.limits.low)
      limits.high[index] = Float(channel.limits.high)
      limits.safe[index] = Float(channel.safe)
      if let slew = channel.slew { limits.slewPerTick[index] = Float(slew * period) }
    }
    return limits
  }

  public func objective() -> Objective {
    var result = Objective(
      terminal: Float(declaredObjective.terminal),
      learnedCost: Float(declaredObjective.learnedCost))
    for term in declaredObjective.terms {
      let isOfAction = term.kind.isOfAction
      guard let channel = isOfAction ? actionIndex(term.channel) : observationIndex(term.channel)
      else { preconditionFailure("a validated term names a declared channel") }
      result.append(
        Term(
          term.kind.core, channel: channel, weight: Float(term.weight),
          target: Float(term.target), scale: Float(term.scale),
          low: term.low.map { Float($0) } ?? -.infinity,
          high: term.high.map { Float($0) } ?? .infinity,
          isAngle: !isOfAction && observation[channel].kind == .angle))
    }
    return result
  }

  public func guardConfiguration() -> GuardConfiguration {
    var result = GuardConfiguration(
      observationLow: StateVector(repeating: -.infinity),
      observationHigh: StateVector(repeating: .infinity),
      envelopeLow: StateVector(repeating: -.infinity),
      envelopeHigh: StateVector(repeating: .infinity), staleTicks: guarding.staleTicks,
      shiftedTicks: guarding.shiftedTicks, fallback: guarding.fallback.core)
    result.envelopeTicks = guarding.lookAhead > 0 ? ticks(in: guarding.lookAhead) : 0
    result.envelopeShare = Float(guarding.confidence)
    result.knownTicks = guarding.knownTicks
    result.feedback = feedbackConfiguration(guarding.feedback)
    for (index, channel) in observation.enumerated() {
      if let rate = channel.maxRate { result.stepPerTick[index] = Float(rate * period) }
      if let range = channel.range {
        result.observationLow[index] = Float(range.low)
        result.observationHigh[index] = Float(range.high)
      }
      if let envelope = envelope.first(where: { $0.channel == channel.name }) {
        result.envelopeLow[index] = Float(envelope.limits.low)
        result.envelopeHigh[index] = Float(envelope.limits.high)
      }
    }
    return result
  }

  private func feedbackConfiguration(_ gains: [FeedbackGain]) -> FeedbackConfiguration {
    var result = FeedbackConfiguration()
    for gain in gains {
      guard let action = actionIndex(gain.action), let state = observationIndex(gain.channel)
      else { preconditionFailure("a validated gain names declared channels") }
      result.append(
        FeedbackConfiguration.Entry(
          action: action, state: state, gain: Float(gain.gain), target: Float(gain.target)))
    }
    return result
  }

  /// Everything that a controller is made from, but for the model's weights.
  ///
  /// - Parameters:
  ///   - model: what it plans with; the robot's own ensemble if nil.
  ///   - memory: ticks that the model's state reaches back.
  ///   - latency: that of the plant as the model says; the file's own word goes before it.
  public func controllerConfiguration(
    seed: UInt64, model: ModelConfiguration? = nil, memory: Int = 0, latency: Int? = nil
  ) -> ControllerConfiguration {
    var result = ControllerConfiguration(
      structure: structure().remembering(memory), model: model ?? .ensemble(ensembleShape()),
      limits: limits(),
      objective: objective(), planner: plannerConfiguration(), value: valueConfiguration(),
      guarding: guardConfiguration(),
      timing: link.output == .nextTick ? .nextTick : .immediate,
      plantLatency: isLatencyDeclared ? self.latency : latency ?? self.latency,
      seed: seed, propagation: propagationConfiguration(), workers: planner.threads)
    result.estimator = estimatorConfiguration()
    result.executedTicks = learning.replansEveryTick ? 1 : result.planner.horizon
    if let settling = episode.settling {
      result.settling = feedbackConfiguration(settling.feedback)
    }
    return result
  }

  /// The base policy, its times in ticks.
  public func corePolicy() -> BasePolicy {
    switch basePolicy.method {
    case .ornsteinUhlenbeck(let timeConstant, let deviation):
      .ornsteinUhlenbeck(timeConstant: Float(timeConstant), deviation: Float(deviation))
    case .uniform(let amplitude):
      .uniform(amplitude: Float(amplitude), ticks: 1)
    case .hold(let amplitude, let period):
      .uniform(amplitude: Float(amplitude), ticks: ticks(in: period))
    // It is played from a table; whoever has none moves nothing.
    case .multisine: .safe
    }
  }

  /// Index of an observation channel, hence of the state.
  public func observationIndex(_ name: String) -> Int? {
    observation.firstIndex { $0.name == name }
  }

  public func actionIndex(_ name: String) -> Int? {
    action.firstIndex { $0.name == name }
  }
}

extension ModelDescription.Activation {
  var core: Activation {
    switch self {
    case .silu: .silu
    case .tanh: .tanh
    case .softplus: .softplus
    }
  }
}

extension ModelDescription.Likelihood {
  var head: NoiseHead {
    switch self {
    case .squares: .constant
    case .gaussian: .predicted
    }
  }
}

extension TermDescription.Kind {
  var core: Term.Kind {
    switch self {
    case .quadratic: .quadratic
    case .angle: .angle
    case .range: .range
    case .action: .action
    case .actionRate: .actionRate
    }
  }
}

extension GuardDescription.Fallback {
  var core: Fallback {
    switch self {
    case .safe: .safe
    case .hold: .hold
    case .lqr: .lqr
    case .feedback: .feedback
    }
  }
}
