import ReplanCore
import ReplanRealtime

/// How the time of a tick grows with the work, and falls with threads: the cross-entropy tick, and
/// the same with more of one thing, in turns.
struct Scaling {
  /// What there is more of, and how many times.
  enum Kind: String, CaseIterable {
    case candidates, horizon, members, threads
  }

  private static let factor = 2
  /// Whole vectors of candidates, so that twice as many are twice the work.
  private static let candidates = 208

  /// Time of a tick with twice as much over that with once: the median of neighbouring pairs.
  static func ratio(of kind: Kind, pairs: Int) throws(RealtimeError) -> Double {
    let threads =
      kind == .threads ? try WorkerThreads(count: factor, wait: .spin, priority: nil) : nil
    let crew = threads.map { Crew(context: $0.context, run: WorkerThreads.run) } ?? Crew()
    var once = Bench(.cem2x64, .whole) { change(&$0, kind: nil) }
    var more = Bench(.cem2x64, .whole, crew: crew) { change(&$0, kind: kind) }
    var ratios: [Double] = []
    for pair in 0..<(pairs + 2) {
      let ratio = 1 / time(&once) * time(&more)
      // The first ones meet cold caches.
      if pair >= 2 { ratios.append(ratio) }
    }
    return ratios.sorted()[ratios.count / 2]
  }

  private static func time(_ bench: inout Bench) -> Double {
    bench.prepareTick()
    let start = CoreBench.seconds()
    CoreBench.check(bench.decide(), .cem2x64)
    return CoreBench.seconds() - start
  }

  private static func change(_ configuration: inout ControllerConfiguration, kind: Kind?) {
    guard case .crossEntropy(var planner) = configuration.planner,
      case .ensemble(var shape) = configuration.model
    else { return }
    planner.candidates = candidates
    switch kind {
    case .candidates: planner.candidates *= factor
    case .horizon: planner.horizon *= factor
    case .members:
      shape.memberCount *= factor
      configuration.propagation.particles *= factor
    case .threads: configuration.workers = factor
    case nil: break
    }
    configuration.planner = .crossEntropy(planner)
    configuration.model = .ensemble(shape)
  }
}
