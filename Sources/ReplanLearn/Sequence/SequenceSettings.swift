import ReplanNumerics

/// How an ensemble is fitted to trajectories.
public struct SequenceSettings: Sendable, Equatable {
  /// Steps, batch (of windows), rate, decay, posterior, seed, threads: as for single transitions.
  public var training = TrainingSettings()
  /// Ticks of a window, over which errors are summed; 1 to 200.
  public var unroll = 10
  /// Errors count linearly beyond so many usual changes of a channel over one tick in windows of 10
  /// ticks, and beyond more in longer ones, over which errors grow; above 0.
  public var robustness: Float = 10
  /// Ticks over which the held-out windows judge; 1 to 400.
  public var judgedTicks = 25
  /// Most held-out windows that judge.
  public var judgedWindows = 512
  /// The gradient's norm is limited to this; above 0.
  public var clip: Float = 1

  public init() {
    training.holdOutFraction = 0.15
  }

  /// - Throws: `LearnError.invalidSettings` with all violations.
  func validate() throws(LearnError) {
    try training.validate()
    var violations: [String] = []
    func check(_ holds: Bool, _ what: String) { if !holds { violations.append(what) } }
    check((1...200).contains(unroll), "unroll \(unroll), 1 to 200")
    check(robustness > 0, "robustness \(robustness), above 0")
    check((1...400).contains(judgedTicks), "judgedTicks \(judgedTicks), 1 to 400")
    check(judgedWindows >= 1, "judgedWindows \(judgedWindows), 1 or more")
    check(clip > 0, "clip \(clip), above 0")
    if !violations.isEmpty { throw .invalidSettings(violations) }
  }

  /// The bound of errors that count in full, for windows of `unroll` ticks.
  var bound: Float { robustness * (Float(unroll) / 10).squareRoot() }

  /// Windows side by side: the batch in whole vectors.
  var rows: Int { Lanes.vectors(for: training.batch) * Lanes.width }
}
