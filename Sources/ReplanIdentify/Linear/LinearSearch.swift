/// Finds the method and the order whose models simulate best what they were not fitted to.
///
/// Records are divided into parts; each part is simulated by models that were fitted to the others, from
/// its first samples and its inputs alone. Where no model follows for so long, as of a plant that falls
/// over, errors over 25 steps from samples all along the record decide.
struct LinearSearch {
  let records: [LinearRecord]
  /// Of the records' channels, those whose past counts.
  let outputs: Int
  let settings: LinearSettings

  static let parts = 4
  static let windowSteps = 25
  /// A model with more states has to leave so much less unexplained: it makes each tick of the loop dearer.
  static let worth = 0.05

  /// A candidate and what was found of it.
  struct Tried: Sendable {
    var candidate: LinearCandidate
    /// Sum over channels of the squared share of the scatter that simulation does not explain.
    var simulated = Errors()
    /// The same over 25 steps.
    var windowed = Errors()
    /// Largest magnitude of an eigenvalue, of the part's models.
    var radius = 0.0
  }

  /// Errors of a channel each.
  struct Errors: Sendable {
    var squares: [Double] = []
    var scatter: [Double] = []
    var count = 0

    var loss: Double {
      guard count > 0 else { return .infinity }
      let sum = zip(squares, scatter).reduce(0) { $0 + $1.0 / max($1.1, 1e-300) }
      return sum.isFinite ? sum : .infinity
    }
  }

  struct Found {
    var best: Tried
    /// Of each method and order the best, in the order of trial.
    var table: [Tried]
    /// False if errors over 25 steps decided.
    var isSimulated: Bool

    func loss(_ tried: Tried) -> Double { isSimulated ? tried.simulated.loss : tried.windowed.loss }
  }

  /// - Returns: nil if no candidate could be fitted to all parts.
  func found(_ progress: (String) -> Void) -> Found? {
    let candidates = settings.candidates(outputs: outputs)
    guard let longest = candidates.map(\.history).max() else { return nil }
    var tried = candidates.map { Tried(candidate: $0) }
    var isFitted = candidates.map { _ in true }
    for (part, (fitting, heldOut)) in divided(longest).enumerated() {
      let fits = LinearFits(
        fitting, outputs: outputs, settings, longest: longestARX(candidates), isScout: true)
      for (i, candidate) in candidates.enumerated() where isFitted[i] {
        if settings.isCancelled() { return nil }
        progress(
          "part \(part + 1) of \(Self.parts): \(candidate.method.rawValue) \(candidate.order)")
        guard let model = fits.model(candidate) else {
          isFitted[i] = false
          continue
        }
        judge(model, heldOut, warmup: longest, &tried[i])
      }
    }
    let fitted = tried.indices.filter { isFitted[$0] }.map { tried[$0] }
    return fitted.isEmpty ? nil : choose(fitted)
  }

  private func longestARX(_ candidates: [LinearCandidate]) -> Int {
    candidates.filter { $0.method == .arx }.map(\.history).max() ?? 0
  }

  /// Records that fit and those that are held out, for each part: whole records where there are enough,
  /// otherwise pieces of each.
  private func divided(_ longest: Int) -> [(fitting: [LinearRecord], heldOut: [LinearRecord])] {
    let least = 2 * longest + 10
    if records.count >= 3 * Self.parts {
      return (0..<Self.parts).map { part in
        (
          records.indices.filter { $0 % Self.parts != part }.map { records[$0] },
          records.indices.filter { $0 % Self.parts == part }.map { records[$0] }
        )
      }
    }
    let pieces = records.map { record in
      let count = record.count >= Self.parts * least ? Self.parts : 1
      return (0..<count).map {
        record.part($0 * record.count / count..<($0 + 1) * record.count / count)
      }
    }
    let all = pieces.flatMap { $0 }
    return (0..<min(Self.parts, all.count)).map { part in
      (
        all.indices.filter { $0 % Self.parts != part }.map { all[$0] },
        all.indices.filter { $0 % Self.parts == part }.map { all[$0] }
      )
    }.filter { !$0.0.isEmpty }
  }

  private func judge(
    _ model: HistoryModel, _ records: [LinearRecord], warmup: Int, _ tried: inout Tried
  ) {
    tried.radius = max(tried.radius, model.spectralRadius)
    for record in records where record.count > warmup + 2 {
      let rest = record.count - 1 - warmup
      tried.simulated.add(model, record, from: warmup, steps: rest, outputs: outputs)
      guard rest >= Self.windowSteps else { continue }
      for first in stride(from: warmup, through: record.count - 1 - Self.windowSteps, by: 10) {
        tried.windowed.add(
          model, record, from: first, steps: Self.windowSteps, outputs: outputs)
      }
    }
  }

  private func choose(_ tried: [Tried]) -> Found {
    let best = tried.map(\.simulated.loss).min() ?? .infinity
    // No better than the mean of each channel.
    let follows = best < Double(outputs)
    let isSimulated = follows || tried.allSatisfy { $0.windowed.loss == .infinity }
    var found = Found(best: tried[0], table: [], isSimulated: isSimulated)
    let least = tried.map(found.loss).min() ?? .infinity
    let good = tried.filter { found.loss($0) <= least * (1 + Self.worth) }
    found.best =
      (good.isEmpty ? tried : good).min {
        ($0.candidate.history, found.loss($0)) < ($1.candidate.history, found.loss($1))
      } ?? tried[0]
    for entry in tried {
      let same = found.table.firstIndex {
        $0.candidate.method == entry.candidate.method && $0.candidate.order == entry.candidate.order
      }
      let isBest = entry.candidate == found.best.candidate
      if let same {
        let isHeld = found.table[same].candidate == found.best.candidate
        if isBest || (!isHeld && found.loss(entry) < found.loss(found.table[same])) {
          found.table[same] = entry
        }
      } else {
        found.table.append(entry)
      }
    }
    return found
  }
}

extension LinearSearch.Errors {
  fileprivate mutating func add(
    _ model: HistoryModel, _ record: LinearRecord, from first: Int, steps: Int, outputs: Int
  ) {
    if squares.isEmpty {
      squares = [Double](repeating: 0, count: outputs)
      scatter = squares
    }
    let predicted = model.simulated(record, from: first, steps: steps)
    count += steps
    for step in 0..<steps {
      for i in 0..<outputs {
        let value = record.output(first + 1 + step, i)
        let error = value - predicted[step * outputs + i]
        squares[i] += error * error
        // Records are scaled: their mean is 0.
        scatter[i] += value * value
      }
    }
  }
}
