public import ReplanCore

/// What the planners have in common, whatever they call it.
extension PlannerConfiguration {
  /// Every kind of planner over a horizon, with its standard settings.
  public static func every(horizon: Int) -> [PlannerConfiguration] {
    [
      .ilqr(ILQRConfiguration(horizon: horizon)),
      .crossEntropy(.improved(horizon: horizon)),
      .pathIntegral(PathIntegralConfiguration(horizon: horizon)),
      .randomShooting(RandomShootingConfiguration(horizon: horizon)),
      .polished(
        .improved(horizon: horizon), ILQRConfiguration(horizon: horizon, iterations: 1)),
      .lqr(LQRConfiguration()),
    ]
  }

  /// The kind in the robot file's words.
  public var kind: String {
    switch self {
    case .ilqr: "ilqr"
    case .crossEntropy: "cem"
    case .pathIntegral: "mppi"
    case .randomShooting: "shooting"
    case .polished: "cem-ilqr"
    case .lqr: "lqr"
    }
  }

  /// Candidates of an iteration, or of the start; nil where nothing is sampled.
  public var candidates: Int? {
    switch self {
    case .ilqr(let settings): settings.isRealTime ? nil : settings.candidates
    case .crossEntropy(let settings): settings.candidates
    case .pathIntegral(let settings): settings.candidates
    case .randomShooting(let settings): settings.candidates
    case .polished(let settings, _): settings.candidates
    case .lqr: nil
    }
  }

  /// Iterations a tick; nil for the regulator, which has none.
  public var iterations: Int? {
    switch self {
    case .ilqr(let settings): settings.isRealTime ? nil : settings.iterations
    case .crossEntropy(let settings): settings.iterations
    case .pathIntegral(let settings): settings.iterations
    case .randomShooting(let settings): settings.iterations
    case .polished(let settings, _): settings.iterations
    case .lqr: nil
    }
  }

  /// The candidates that the planner admits, in whole vectors where it can be had.
  var candidateRange: ClosedRange<Int>? {
    switch self {
    case .ilqr(let settings): settings.isRealTime ? nil : 16...1024
    case .crossEntropy(let settings), .polished(let settings, _):
      min(4096, max(16, (settings.elites + 15) / 16 * 16))...4096
    case .pathIntegral, .randomShooting: 16...4096
    case .lqr: nil
    }
  }

  /// The fewest iterations that still are the planner's method.
  var leastIterations: Int {
    switch self {
    case .crossEntropy, .polished: 2
    case .ilqr, .pathIntegral, .randomShooting, .lqr: 1
    }
  }

  /// The same planner with another horizon, and other candidates and iterations where it has any.
  public func with(
    horizon: Int, candidates: Int? = nil, iterations: Int? = nil
  ) -> PlannerConfiguration {
    let candidates = candidates ?? self.candidates ?? 0
    let iterations = iterations ?? self.iterations ?? 0
    switch self {
    case .ilqr(var settings):
      settings.horizon = horizon
      if !settings.isRealTime {
        settings.candidates = candidates
        settings.iterations = iterations
      }
      return .ilqr(settings)
    case .crossEntropy(var settings):
      settings.horizon = horizon
      settings.scale(candidates)
      settings.iterations = iterations
      return .crossEntropy(settings)
    case .pathIntegral(var settings):
      settings.horizon = horizon
      settings.candidates = candidates
      settings.iterations = iterations
      return .pathIntegral(settings)
    case .randomShooting(var settings):
      settings.horizon = horizon
      settings.candidates = candidates
      settings.iterations = iterations
      return .randomShooting(settings)
    case .polished(var settings, var finish):
      settings.horizon = horizon
      settings.scale(candidates)
      settings.iterations = iterations
      finish.horizon = horizon
      return .polished(settings, finish)
    case .lqr(var settings):
      settings.horizon = horizon
      return .lqr(settings)
    }
  }

  /// Iterations × candidates × horizon, such as `3 x 128 x 50`; without what it has none of.
  public var words: String {
    var factors: [Int] = []
    if let iterations { factors.append(iterations) }
    if let candidates { factors.append(candidates) }
    return (factors + [horizon]).map { "\($0)" }.joined(separator: " x ")
  }
}

extension CrossEntropyConfiguration {
  /// Changes the candidates; elites that are the standard share stay so, as they will where a robot
  /// file leaves them out.
  fileprivate mutating func scale(_ candidates: Int) {
    let isStandard = elites == Self.improved(candidates: self.candidates).elites
    self.candidates = candidates
    elites = isStandard ? Self.improved(candidates: candidates).elites : min(elites, candidates)
  }
}

extension ControllerConfiguration {
  /// Evaluations of one member for one candidate that a tick's rollouts take; Jacobians are not
  /// counted.
  public var evaluations: Int {
    let members = model.memberCount
    let sampled = samples(planner) * planner.horizon
    switch planner {
    case .crossEntropy, .pathIntegral, .randomShooting: return sampled * particles
    case .ilqr(let settings):
      let searches = settings.isRealTime ? 1 : settings.iterations
      return (sampled + searches * searchWidth * settings.horizon) * members
    case .polished(_, let finish):
      return sampled * particles + finish.iterations * searchWidth * finish.horizon * members
    // Its plan follows the linearised plant.
    case .lqr: return 0
    }
  }

  /// Step sizes that a line search tries side by side.
  private var searchWidth: Int { 16 }

  /// Evaluations of a candidate's step: the mean takes all members.
  private var particles: Int {
    let isMean = propagation.dynamics == .mean
    let each = isMean ? model.memberCount : 1
    if isMean && !propagation.hasNoise { return each }
    return (propagation.particles == 0 ? model.memberCount : propagation.particles) * each
  }

  /// Candidates over all iterations of a tick.
  private func samples(_ planner: PlannerConfiguration) -> Int {
    switch planner {
    case .crossEntropy(let settings), .polished(let settings, _):
      var size = Float(settings.candidates)
      var sum = 0
      for _ in 0..<settings.iterations {
        sum += max(Int(size), min(2 * settings.elites, settings.candidates))
        size /= settings.decay
      }
      return sum
    case .pathIntegral, .randomShooting:
      return (planner.iterations ?? 1) * (planner.candidates ?? 0)
    case .ilqr: return planner.candidates ?? 0
    case .lqr: return 0
    }
  }
}
