import ReplanCore

extension PlannerDescription {
  /// Random shooting: the best of many plans drawn uniformly from the actuators' range.
  public struct RandomShooting: Sendable, Equatable, Encodable {
    public let iterations: Int
    public let candidates: Int
    public let knots: Knots
  }
}

enum RandomShootingKeys {
  private static let core = RandomShootingConfiguration()

  static let iterations = Key<Int>(
    "iterations", 1...100, default: core.iterations,
    "Batches of candidates at each tick; the deadline is asked before each.")
  static let candidates = SamplingKeys.candidates(
    2...4096, core.candidates, "Plans of a batch; the first of a tick is the last plan.")

  static let keys = [
    iterations.descriptor, candidates.descriptor, SamplingKeys.knots.descriptor,
    SamplingKeys.threads.descriptor, SamplingKeys.wait.descriptor,
  ]
}

extension PlannerDescription.RandomShooting {
  init?(_ fields: Fields) {
    let knots = fields[SamplingKeys.knots].flatMap { PlannerDescription.Knots($0) }
    guard let knots, let iterations = fields[RandomShootingKeys.iterations],
      let candidates = fields[RandomShootingKeys.candidates]
    else { return nil }
    self.init(iterations: iterations, candidates: candidates, knots: knots)
  }
}
