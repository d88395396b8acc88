import ReplanCore

/// How the sampling planners carry the model's uncertainty through a rollout.
public struct PropagationDescription: Sendable, Equatable, Encodable {
  /// Which prediction a particle takes at each step.
  public enum Dynamics: String, Choice, Sendable {
    /// The mean of all members.
    case mean
    /// One member throughout.
    case member
    /// A member drawn anew at each step.
    case resampled
  }

  public let dynamics: Dynamics
  /// Particles add noise of the variance that the model states.
  public let noise: Bool
  /// 0: one particle a member, or one if all would be alike.
  public let particles: Int
}

enum PropagationKeys {
  private static let core = Propagation()

  static let dynamics = Key<PropagationDescription.Dynamics>(
    "dynamics", default: .member,
    "What a particle follows: the `mean` of all members, one `member` throughout, or a member "
      + "`resampled` at each step.")
  static let noise = Key<Bool>(
    "noise", default: core.hasNoise,
    "Each particle adds noise of the variance that the model states, drawn by itself.")
  static let particles = Key<Int>(
    "particles", 0...64, default: core.particles,
    "Particles for each candidate; 0 takes one for each member, or one if all would be alike.")

  static let section = Section([
    dynamics.descriptor, noise.descriptor, particles.descriptor,
  ])
}

extension PropagationDescription {
  init?(_ fields: Fields) {
    guard let dynamics = fields[PropagationKeys.dynamics],
      let noise = fields[PropagationKeys.noise], let particles = fields[PropagationKeys.particles]
    else { return nil }
    self.init(dynamics: dynamics, noise: noise, particles: particles)
  }

  /// True if all particles would be alike for an ensemble of `members`: nothing tells them apart.
  func isCertain(members: Int) -> Bool { !noise && (dynamics == .mean || members == 1) }

  /// Particles for each candidate.
  func count(members: Int) -> Int {
    if isCertain(members: members) { return 1 }
    return particles == 0 ? members : particles
  }
}
