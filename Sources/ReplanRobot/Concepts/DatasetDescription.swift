/// Which transitions a model is fitted to, and how much each counts.
public struct DatasetDescription: Sendable, Equatable, Encodable {
  /// Which transitions go when there are more than the budget.
  public enum Eviction: String, Choice, Sendable {
    /// Those that were seen first.
    case oldest
    /// Drawn ones, so that all that was ever seen has the same chance to be kept.
    case reservoir
    /// Those that the members of the last model agree about.
    case redundancy
  }

  /// What becomes of the transitions of the base policy.
  public enum BasePolicy: String, Choice, Sendable {
    /// They are kept as any others.
    case keep
    /// They go once planned episodes have as many.
    case drop
  }

  /// Transitions; nil for all.
  public let budget: Int?
  public let eviction: Eviction
  /// Transitions after which an older one counts half; nil where all count alike.
  public let recency: Int?
  public let basePolicy: BasePolicy
}

enum DatasetKeys {
  static let budget = Key<Int>(
    "budget", 32...10_000_000, unit: "transitions",
    "Models are fitted to at most so many transitions, inside an episode too; no bound if absent.")
  static let eviction = Key<DatasetDescription.Eviction>(
    "eviction", default: .oldest,
    "What goes beyond the budget: the `oldest`; `reservoir` draws, so that all that was ever seen has "
      + "the same chance to stay; `redundancy` lets go what the last model's members agree about.")
  static let recency = Key<Int>(
    "recency", 1...10_000_000, unit: "transitions",
    "Half-life: a transition counts half as much as one that is so many younger; all count alike if "
      + "absent.")
  static let basePolicy = Key<DatasetDescription.BasePolicy>(
    "base_policy", default: .keep,
    "`drop` leaves out the transitions of the base policy once planned episodes have as many.")

  static let section = Section([
    budget.descriptor, eviction.descriptor, recency.descriptor, basePolicy.descriptor,
  ])
}

extension DatasetDescription {
  init?(_ fields: Fields) {
    guard let eviction = fields[DatasetKeys.eviction],
      let basePolicy = fields[DatasetKeys.basePolicy]
    else { return nil }
    self.init(
      budget: fields[DatasetKeys.budget], eviction: eviction,
      recency: fields[DatasetKeys.recency], basePolicy: basePolicy)
  }
}
