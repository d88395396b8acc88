/// One weighted term of the cost of a tick, over one channel.
///
/// A channel is named by its index; the objective minimises the sum of its terms.
public struct Term: Sendable, BitwiseCopyable {
  public enum Kind: UInt8, Sendable, BitwiseCopyable {
    /// weight * ((x - target) / scale)^2 of a state channel; the distance of an angle is wrapped.
    case quadratic
    /// weight * (1 - cos(x - target)) of an angle.
    case angle
    /// weight * (max(0, low - x, x - high) / scale)^2 of a state channel.
    case range
    /// weight * ((a - target) / scale)^2 of an action channel.
    case action
    /// weight * ((a[k] - a[k-1]) / scale)^2 of an action channel.
    case actionRate
  }

  public var kind: Kind
  /// A state channel for the first three kinds, otherwise an action channel.
  public var channel: Int
  public var weight: Float
  public var target: Float
  public var scale: Float
  public var low: Float
  public var high: Float
  /// The channel is an angle, so that the distance of a quadratic term is wrapped.
  public var isAngle: Bool

  public init(
    _ kind: Kind, channel: Int, weight: Float, target: Float = 0, scale: Float = 1,
    low: Float = -.infinity, high: Float = .infinity, isAngle: Bool = false
  ) {
    self.kind = kind
    self.channel = channel
    self.weight = weight
    self.target = target
    self.scale = scale
    self.low = low
    self.high = high
    self.isAngle = isAngle
  }
}

/// The cost of a tick as a sum of terms, and of the cost that the plant measures as the model has
/// learned it; the last state of the horizon counts `terminal` times.
public struct Objective: Sendable {
  public private(set) var terms: InlineArray<32, Term>
  public private(set) var count: Int
  /// Factor of the state terms, and of the learned cost, on the last state of the horizon.
  public var terminal: Float
  /// Weight of the predicted cost of each step; 0 or more, 0 for terms alone. Above 0 it needs a
  /// model that predicts the cost.
  public var learnedCost: Float
  /// Terms that a user wrote, added to the others.
  var customTerms: InlineArray<4, CustomTerm?>
  public private(set) var customCount: Int

  public init(terminal: Float = 1, learnedCost: Float = 0) {
    terms = InlineArray(repeating: Term(.quadratic, channel: 0, weight: 0))
    count = 0
    self.terminal = terminal
    self.learnedCost = learnedCost
    customTerms = InlineArray(repeating: nil)
    customCount = 0
  }

  /// - Precondition: fewer than `Capacity.terms` terms so far.
  public mutating func append(_ term: Term) {
    precondition(count < Capacity.terms, "an objective has at most 32 terms")
    terms[count] = term
    count += 1
  }

  /// - Precondition: fewer than `Capacity.customTerms` custom terms so far.
  public mutating func append(_ term: CustomTerm) {
    precondition(customCount < Capacity.customTerms, "an objective has at most 4 custom terms")
    customTerms[customCount] = term
    customCount += 1
  }

  /// True if a term couples an action with the one before it.
  public var hasActionRate: Bool {
    for i in 0..<count where terms[i].kind == .actionRate { return true }
    return false
  }
}
