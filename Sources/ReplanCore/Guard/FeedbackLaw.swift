import ReplanNumerics

/// A linear feedback that a user gives: each action is the safe one plus a weighted sum of the
/// state's distances from a point.
///
/// - Shapes: `gain` [A × S] row-major, `target` [S].
public struct FeedbackConfiguration: Sendable {
  /// One entry of the gain matrix.
  public struct Entry: Sendable, BitwiseCopyable {
    public var action: Int
    public var state: Int
    /// Action's unit per state's unit.
    public var gain: Float
    /// Where the state channel is to be.
    public var target: Float

    public init(action: Int, state: Int, gain: Float, target: Float = 0) {
      self.action = action
      self.state = state
      self.gain = gain
      self.target = target
    }
  }

  private(set) var entries = InlineArray<32, Entry>(
    repeating: Entry(action: 0, state: 0, gain: 0))
  public private(set) var count = 0

  public init() {}

  /// - Precondition: at most 32 entries.
  public mutating func append(_ entry: Entry) {
    precondition(count < 32, "a linear feedback has at most 32 entries")
    entries[count] = entry
    count += 1
  }
}

/// The same as the tick reads it, in the arena.
struct FeedbackLaw {
  private let count: Int
  private let entries: UnsafeMutablePointer<FeedbackConfiguration.Entry>

  init(_ configuration: FeedbackConfiguration, arena: inout Arena) {
    count = configuration.count
    entries = arena.take(FeedbackConfiguration.Entry.self, count: configuration.count)
  }

  /// Fills the table; not on the tick.
  func prepare(_ configuration: FeedbackConfiguration) {
    for k in 0..<count { entries[k] = configuration.entries[k] }
  }

  /// The action for a state; the guard limits it afterwards.
  @inline(always)
  func action(
    _ state: UnsafePointer<Float>, safe: ActionVector, _ table: GuardTable
  ) -> ActionVector {
    var result = safe
    for k in 0..<count {
      let entry = entries[k]
      let difference = state[entry.state] - entry.target
      let distance = table.isAngle[entry.state] ? wrappedAngle(difference) : difference
      result[entry.action] = result[entry.action].addingProduct(entry.gain, distance)
    }
    return result
  }
}
