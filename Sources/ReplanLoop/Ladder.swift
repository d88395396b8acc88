public import ReplanCore

/// The steps that an episode took down and up the ladder from fresh plans to the fallback, each with
/// its cause.
public struct Ladder: Sendable, Equatable {
  /// From this tick on the verdict was this one.
  public struct Step: Sendable, Equatable {
    public var tick: Int
    public var verdict: Verdict
  }

  /// In order; the first is that of the first tick. No more than `capacity` are kept.
  public private(set) var steps: [Step] = []
  /// Steps beyond those that were kept.
  public private(set) var omitted = 0
  /// Ticks by verdict.
  public private(set) var counts: [Verdict: Int] = [:]
  private var last: Verdict?

  static let capacity = 200

  mutating func add(_ verdict: Verdict, tick: Int) {
    counts[verdict, default: 0] += 1
    guard verdict != last else { return }
    last = verdict
    guard steps.count < Self.capacity else {
      omitted += 1
      return
    }
    steps.append(Step(tick: tick, verdict: verdict))
  }

  /// The causes of the fallback that the episode ended in, all of its unbroken stretch; empty if it
  /// did not.
  public var lastFallback: Set<Verdict> {
    guard let last, last.isFallback else { return [] }
    let stretch = steps.reversed().prefix { $0.verdict.isFallback }.map(\.verdict)
    return Set(stretch + [last])
  }
}

extension Verdict {
  /// All of them; the core itself has no arrays.
  public static var all: [Verdict] { (0...UInt8.max).compactMap { Verdict(rawValue: $0) } }
}
