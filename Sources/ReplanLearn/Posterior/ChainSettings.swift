/// How a Bayesian network's posterior is sampled by Markov chains.
public struct ChainSettings: Sendable, Equatable {
  /// Samples that one chain gives, each at the end of a cycle of its step size; 1 or more. More members
  /// than that come from more chains, whose networks begin anew.
  public var cycles = 2
  /// Steps of a cycle as a part of the steps of the fit before it; above 0, at most 10.
  public var cycleFraction: Float = 0.25
  /// 1 samples the posterior, less a sharper one; above 0, at most 10.
  public var temperature: Float = 1
  /// Standard deviation of the prior in units of that which keeps the scale of a signal from layer to
  /// layer; above 0.
  public var priorDeviation: Float = 1
  /// Part of its velocity that a weight loses in a step; above 0, below 1.
  public var friction: Float = 0.1
  /// Square of the largest step in units of the one at which the stiffest direction becomes unstable
  /// (4, without friction); above 0, at most 1.
  public var largestStep: Float = 0.5
  /// The last square of a cycle as a part of its first; above 0, at most 1.
  public var finalStepFraction: Float = 0.1

  public init() {}

  /// The steps of a cycle after a fit of `steps` steps.
  func cycleSteps(_ steps: Int) -> Int { max(20, Int(cycleFraction * Float(steps))) }

  var violations: [String] {
    var violations: [String] = []
    func check(_ holds: Bool, _ what: String) { if !holds { violations.append(what) } }
    check(cycles >= 1, "cycles \(cycles), 1 or more")
    check(cycleFraction > 0 && cycleFraction <= 10, "cycleFraction \(cycleFraction), above 0 to 10")
    check(temperature > 0 && temperature <= 10, "temperature \(temperature), above 0 to 10")
    check(
      priorDeviation > 0 && priorDeviation.isFinite, "priorDeviation \(priorDeviation), above 0")
    check(friction > 0 && friction < 1, "friction \(friction), above 0 and below 1")
    check(largestStep > 0 && largestStep <= 1, "largestStep \(largestStep), above 0 to 1")
    check(
      finalStepFraction > 0 && finalStepFraction <= 1,
      "finalStepFraction \(finalStepFraction), above 0 to 1")
    return violations
  }
}
