/// How the sampling planners carry the model's uncertainty through a rollout: by particles.
///
/// - Source: Chua et al. 2018 (PETS), arXiv:1805.12114, section 5 (TS1 and TS∞).
public struct Propagation: Sendable, BitwiseCopyable, Equatable {
  /// Which prediction a particle takes at each step.
  public enum Dynamics: UInt8, Sendable, BitwiseCopyable {
    /// The mean of all members.
    case mean
    /// One member throughout (TS∞): particle p follows member p mod M.
    case member
    /// A member drawn anew at each step (TS1); all candidates of an iteration share the draw, so
    /// that they differ by their actions and not by their luck.
    case resampled
  }

  public var dynamics: Dynamics
  /// Particles add noise of the variance that the model states, drawn for each candidate, particle,
  /// step and output by itself. With mean dynamics its variance is the mean of the members'.
  public var hasNoise: Bool
  /// 1 to 64; 0 for one particle a member, or one if all would be alike.
  public var particles: Int

  public init(_ dynamics: Dynamics = .member, hasNoise: Bool = false, particles: Int = 0) {
    self.dynamics = dynamics
    self.hasNoise = hasNoise
    self.particles = particles
  }

  /// Particles a candidate for a model of `members`.
  func count(members: Int) -> Int {
    precondition(particles >= 0 && particles <= 64, "0 to 64 particles are supported")
    if dynamics == .mean && !hasNoise { return 1 }
    return particles == 0 ? members : particles
  }
}
