import ReplanCore
import ReplanRealtime
public import ReplanRecord
public import ReplanRobot

/// Fits a robot's ensemble by each posterior to the same recordings and judges all on the same others.
///
/// Fits are those of `learn` and `refit`, to single ticks.
public struct PosteriorComparison: Sendable {
  /// One posterior's figures for one seed.
  public struct Finding: Sendable, Encodable {
    let event = "posterior"
    public var posterior: String
    public var seed: UInt64
    public var members: Int
    /// Transitions fitted to and judged on, and states outside of the data.
    public var transitions: Int
    public var judged: Int
    public var outside: Int
    public var likelihood: Double
    public var error: Double
    /// By nominal share.
    public var coverage50: Double
    public var coverage90: Double
    public var coverage99: Double
    public var calibrationError: Double
    public var detection: Double?
    /// Of transitions in regions that were kept from the fit: how well disagreement tells them, and their
    /// negative log-likelihood; nil where there are too few.
    public var withheldDetection: Double?
    public var withheldLikelihood: Double?
    public var epistemic: Double
    public var aleatoric: Double
    /// Wall time of the fit.
    public var seconds: Double

    enum CodingKeys: String, CodingKey {
      case event, posterior, seed, members, transitions, judged, outside, error
      case coverage50, coverage90, coverage99, epistemic, aleatoric
      case likelihood = "nll"
      case calibrationError = "calibration_error"
      case detection = "auroc"
      case withheldDetection = "withheld_auroc"
      case withheldLikelihood = "withheld_nll"
      case seconds = "fit_s"
    }
  }

  public var robot: RobotDescription
  public var posteriors = Posterior.allCases
  public var seeds: [UInt64] = [1]
  /// Instead of the robot file's; nil for those.
  public var steps: Int?
  public var members: Int?
  /// States drawn outside of the data.
  public var outside = 1000
  /// More held-out transitions tell nothing new: of more every n-th is taken.
  private static let mostJudged = 4000

  public init(robot: RobotDescription) { self.robot = robot }

  /// - Parameters:
  ///   - found: told of each fit.
  ///   - progress: in words.
  /// - Throws: `nothingToJudge` without a whole transition to judge on, and what a fit throws.
  public func run(
    fitted: TransitionSet, heldOut: TransitionSet, found: (Finding) -> Void,
    progress: @escaping @Sendable (String) -> Void
  ) throws(LearnError) {
    guard heldOut.count > 0 else { throw .nothingToJudge }
    let stride = (heldOut.count + Self.mostJudged - 1) / Self.mostJudged
    let judged = heldOut.rows(Array(Swift.stride(from: 0, to: heldOut.count, by: stride)))
    for seed in seeds {
      let outside = OutsideStates.draw(
        self.outside, outside: fitted, beyond: judged, structure: robot.structure(), seed: seed)
      for posterior in posteriors {
        var fitter = ModelFitter(robot: robot, seed: seed)
        fitter.posterior = posterior
        fitter.steps = steps
        fitter.members = members
        let start = MonotonicClock.nanoseconds
        let model = try fitter.fit(fitted, round: 0, place: .betweenEpisodes) { step, steps in
          progress("\(posterior.rawValue), seed \(seed): step \(step) of \(steps)")
        }
        let seconds = Double(MonotonicClock.nanoseconds - start) / 1e9
        let figures = PosteriorFigures(model, heldOut: judged, outside: outside)
        progress("\(posterior.rawValue), seed \(seed): without regions of the data")
        let withheld = try WithheldFigures(
          fitted: fitted, heldOut: judged, structure: robot.structure(), seed: seed
        ) { rest throws(LearnError) in
          try fitter.fit(rest, round: 1, place: .betweenEpisodes)
        }
        found(
          Finding(
            posterior: posterior.rawValue, seed: seed, members: model.shape.memberCount,
            transitions: model.training.transitions, judged: judged.count,
            outside: outside.count, likelihood: figures.likelihood, error: figures.error,
            coverage50: figures.coverage[0], coverage90: figures.coverage[1],
            coverage99: figures.coverage[2], calibrationError: figures.calibrationError,
            detection: figures.detection, withheldDetection: withheld?.detection,
            withheldLikelihood: withheld?.likelihood, epistemic: figures.epistemic,
            aleatoric: figures.aleatoric, seconds: seconds))
      }
    }
  }
}
