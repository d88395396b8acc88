import ReplanCore

/// Keys that several kinds of planner have, each kind with bounds and defaults of its own.
enum SamplingKeys {
  static func iterations(_ standard: Int) -> Key<Int> {
    Key<Int>("iterations", 1...100, default: standard, "Improvements of the plan at each tick.")
  }

  static func candidates(_ range: ClosedRange<Int>, _ standard: Int, _ summary: String) -> Key<Int>
  {
    Key<Int>("candidates", range, default: standard, summary)
  }

  static func noise(_ standard: Float, least: Double = 0) -> Key<Double> {
    Key<Double>(
      "noise", .from(least, to: 4), default: Double(shortest: standard),
      unit: "fraction of half the action's range", "Standard deviation of the sampled plans.")
  }

  static func noiseExponent(_ standard: Float) -> Key<Double> {
    Key<Double>(
      "noise_exponent", .from(0, to: 4), default: Double(shortest: standard),
      "Spectrum 1/f^exponent of the sampled plans: 0 white, 1 pink, 2 red.")
  }

  static func scales(_ standard: SIMD4<Float>) -> Key<[Double]> {
    Key<[Double]>(
      "scales", .above(0, to: 4), count: 1...4, default: Array(scales: standard),
      "Factors of `noise` that the candidates take in turn: coarse ones find a way, fine ones hold "
        + "a target.")
  }

  static let threads = Key<Int>(
    "threads", 1...16, default: 1,
    "Threads that share the candidates, the loop's own among them; the plan is the same for any "
      + "number.")
  static let wait = Key<PlannerDescription.Wait>(
    "wait", default: .futex,
    "How further threads wait for work: `futex` sleeps in the kernel, `spin` keeps their cores "
      + "busy and starts sooner; in real time that needs `sysctl kernel.sched_rt_runtime_us=-1`.")
  static let knots = Key<Fields>(
    "knots", KnotKeys.section, "How finely the sampled noise is resolved in time.")
}

enum KnotKeys {
  private static let core = Knots()

  static let every = Key<Int>(
    "every", 1...100, default: core.ticks, unit: "ticks", "From one sampled number to the next.")
  static let between = Key<PlannerDescription.Knots.Between>(
    "between", default: .hold,
    "Between two of them: `hold` keeps the first, `linear` follows the straight line.")

  static let section = Section([every.descriptor, between.descriptor])
}

extension PlannerDescription {
  /// How further threads wait for work.
  public enum Wait: String, Choice, Sendable {
    case spin, futex
  }

  /// How finely the sampled noise of a plan is resolved.
  public struct Knots: Sendable, Equatable, Encodable {
    public enum Between: String, Choice, Sendable {
      case hold, linear
    }

    /// Ticks.
    public let every: Int
    public let between: Between
  }
}

extension PlannerDescription.Knots {
  init?(_ fields: Fields) {
    guard let every = fields[KnotKeys.every], let between = fields[KnotKeys.between] else {
      return nil
    }
    self.init(every: every, between: between)
  }
}

extension Double {
  /// The number that a single-precision literal was written as: 0.6 rather than 0.60000002384.
  init(shortest value: Float) {
    self = Double("\(value)") ?? Double(value)
  }
}

extension Array where Element == Double {
  /// Without the zeros at the end, which the core does not count.
  init(scales: SIMD4<Float>) {
    self = (0..<4).map { Double(shortest: scales[$0]) }
    while count > 1, last == 0 { removeLast() }
  }
}
