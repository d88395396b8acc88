import ReplanCore

/// The work that is measured: a planner on a model, both of fixed size.
enum Work: String, CaseIterable {
  // The cross-entropy method as published for probabilistic ensembles: 5 iterations of 200
  // candidates over 25 ticks, 5 members with one particle each, with and without sampled noise.
  case cem2x64 = "cem-2x64"
  case cem2x64Noiseless = "cem-2x64-noiseless"
  case cem3x200 = "cem-3x200"
  // Path integral, 1000 candidates over 25 ticks through one network.
  case mppi = "mppi"
  // One iteration of iLQR along the equations of motion, or through an ensemble.
  case ilqrPhysics20 = "ilqr-physics-20"
  case ilqrPhysics50 = "ilqr-physics-50"
  case ilqrEnsemble50 = "ilqr-ensemble-50"
  case ilqrMembers50 = "ilqr-members-50"
  // Gains on the tick, a regulator's only work there.
  case lqr = "lqr"

  /// Widths of the hidden layers; none for the equations of motion.
  var hidden: [Int] {
    switch self {
    case .cem3x200: [200, 200, 200]
    case .cem2x64, .cem2x64Noiseless, .mppi, .ilqrEnsemble50, .ilqrMembers50: [64, 64]
    case .ilqrPhysics20, .ilqrPhysics50, .lqr: []
    }
  }

  var members: Int { self == .mppi ? 1 : 5 }

  /// Predictions of one network, or of the equations, for one candidate and tick.
  var evaluations: Int {
    switch self {
    case .cem2x64, .cem2x64Noiseless, .cem3x200: 5 * 200 * 25 * 5
    case .mppi: 1000 * 25
    // Sixteen step sizes are rolled out side by side.
    case .ilqrPhysics20: 16 * 20
    case .ilqrPhysics50: 16 * 50
    case .ilqrEnsemble50, .ilqrMembers50: 16 * 50 * 5
    case .lqr: 0
    }
  }

  /// Operations of the matrix products of one evaluation, a multiply-add being two.
  var flopPerEvaluation: Int {
    guard !hidden.isEmpty else { return 0 }
    let widths = [6] + hidden + [8]
    return zip(widths, widths.dropFirst()).reduce(0) { $0 + 2 * $1.0 * $1.1 }
  }

  /// How much of the work a tick does. A profiler that emulates vectors lane by lane takes minutes
  /// for one whole tick of networks; a part goes through the same code, whole blocks of candidates.
  enum Size {
    case whole, part
  }

  func planner(_ size: Size) -> PlannerConfiguration {
    let isPart = size == .part
    switch self {
    case .cem2x64, .cem2x64Noiseless, .cem3x200:
      return .crossEntropy(
        isPart
          ? .plain(horizon: 3, iterations: 2, candidates: 64, elites: 6)
          : .plain(horizon: 25, iterations: 5, candidates: 200, elites: 20))
    case .mppi:
      return .pathIntegral(
        PathIntegralConfiguration(
          horizon: isPart ? 5 : 25, candidates: isPart ? 128 : 1000, noiseExponent: 0,
          scales: SIMD4(1, 0, 0, 0), temperature: .absolute(0.1)))
    case .ilqrPhysics20: return .ilqr(ILQRConfiguration(horizon: 20, isRealTime: true))
    case .ilqrPhysics50, .ilqrEnsemble50:
      return .ilqr(ILQRConfiguration(horizon: 50, isRealTime: true))
    case .ilqrMembers50:
      return .ilqr(ILQRConfiguration(horizon: 50, dynamics: .members, isRealTime: true))
    case .lqr: return .lqr(LQRConfiguration())
    }
  }

  var propagation: Propagation {
    switch self {
    case .cem2x64, .cem3x200: Propagation(.member, hasNoise: true, particles: 5)
    case .cem2x64Noiseless: Propagation(.member, particles: 5)
    case .mppi, .ilqrPhysics20, .ilqrPhysics50, .ilqrEnsemble50, .ilqrMembers50, .lqr:
      Propagation()
    }
  }
}
