/// How `learn` looks for what the model does not know, after the first episode and before the task.
public struct ExplorationDescription: Sendable, Equatable, Encodable {
  public enum Policy: String, Choice, Sendable {
    /// None: the task itself leads to new states.
    case none
    /// Actions along which the members of the ensemble disagree most, inside the envelope.
    case directed
    /// The base policy again.
    case base
  }

  public let policy: Policy
  /// How many episodes of it.
  public let episodes: Int
  /// Length of each.
  public let seconds: Double
  /// Episodes of the task that are planned for the best end of what the members hold possible.
  public let optimisticEpisodes: Int
}

enum ExplorationKeys {
  static let policy = Key<ExplorationDescription.Policy>(
    "policy", default: .none,
    "`none` goes on with the task after the base policy's episode, `directed` first seeks what the "
      + "members of the ensemble disagree about, `base` runs the base policy again.")
  static let episodes = Key<Int>(
    "episodes", 1...1000, default: 1, "Episodes of the exploration.")
  static let seconds = Key<Double>(
    "seconds", .from(0.1, to: 600), default: 0.5, unit: "s", "Length of each of them.")
  static let optimisticEpisodes = Key<Int>(
    "optimistic_episodes", 0...1000, default: 0,
    "So many of the task's first episodes are planned with `value: optimistic`; sampling planners "
      + "only.")

  static let section = Section([
    policy.descriptor, episodes.descriptor, seconds.descriptor, optimisticEpisodes.descriptor,
  ])
}

extension ExplorationDescription {
  init?(_ fields: Fields, members: Int?, _ diagnostics: inout Diagnostics) {
    guard let policy = fields.located(ExplorationKeys.policy),
      let episodes = fields[ExplorationKeys.episodes],
      let seconds = fields[ExplorationKeys.seconds],
      let optimistic = fields[ExplorationKeys.optimisticEpisodes]
    else { return nil }
    if policy.value == .directed, members == 1 {
      diagnostics.add(
        policy, found: "directed with model.members: 1",
        allowed: "with 2 members or more, which can disagree")
    }
    self.init(
      policy: policy.value, episodes: episodes, seconds: seconds, optimisticEpisodes: optimistic)
  }
}
