/// How data, model and plans follow one another while a task is learned.
public struct LearningDescription: Sendable, Equatable, Encodable {
  /// The versions of model-based reinforcement learning.
  ///
  /// - Source: Levine, CS 285, lecture 11, versions 0.5, 1.0 and 1.5.
  public enum Loop: String, Choice, Sendable {
    /// One model, fitted to the base policy's data; each plan is executed as a whole.
    case once
    /// Each plan is executed as a whole; what came of it is added, and the model refitted, between
    /// episodes.
    case aggregate
    /// Only a plan's first action is executed; refits inside episodes too.
    case replan
  }

  public let loop: Loop

  /// False where the model stays as it was fitted first.
  public var refits: Bool { loop != .once }
  /// False where a plan is executed as a whole.
  public var replansEveryTick: Bool { loop == .replan }
}

enum LearningKeys {
  static let loop = Key<LearningDescription.Loop>(
    "loop", default: .replan,
    "`replan` executes the first action of a plan, plans again at every tick and refits inside "
      + "episodes; `aggregate` executes plans as a whole and refits between episodes; `once` executes "
      + "plans as a whole and never refits.")

  static let section = Section([loop.descriptor])
}

extension LearningDescription {
  init?(_ fields: Fields) {
    guard let loop = fields[LearningKeys.loop] else { return nil }
    self.init(loop: loop)
  }
}
