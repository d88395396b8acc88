/// Which transitions train a member and which judge it.
///
/// From `holdOutFrom` transitions on, a part drawn by the seed is held out, the same for all
/// members; below, nothing is. `bootstrap` then resamples the rest for each member, with
/// replacement, as often as there are transitions. Where transitions weigh differently, each is drawn
/// in proportion to its weight, also for the other posteriors: there as evenly as whole numbers allow.
struct Split {
  /// More held-out transitions would cost time and tell nothing new.
  static let heldOutLimit = 1024

  let heldOut: [Int32]
  let training: [Int32]
  /// Shape [transition]; nil if all weigh alike.
  let weights: [Float]?

  init(count: Int, settings: TrainingSettings, weights: [Float]? = nil) {
    self.weights = weights
    var all = (0..<Int32(count)).map { $0 }
    guard count >= settings.holdOutFrom else {
      heldOut = []
      training = all
      return
    }
    var source = IndexSource(Stream(seed: settings.seed, member: 0).numbers(.split))
    all.withUnsafeMutableBufferPointer { source.shuffle($0) }
    let part = min(Split.heldOutLimit, max(1, Int(settings.holdOutFraction * Float(count))))
    heldOut = all[..<part].sorted()
    training = all[part...].sorted()
  }

  /// The transitions that a member trains on (repeated as often as drawn) and those that judge it:
  /// the held-out ones, or those out of its bag, or, where there are neither, all.
  func bag(_ stream: Stream, posterior: Posterior) -> (training: [Int32], judging: [Int32]) {
    guard resamples(posterior) else {
      return (evenly(stream), heldOut.isEmpty ? training : heldOut)
    }
    var source = IndexSource(stream.numbers(.resample))
    let ends = cumulativeWeights
    var drawn: [Int32] = []
    var isDrawn = Set<Int32>()
    for _ in training.indices {
      let place =
        ends.isEmpty
        ? source.below(training.count)
        : Split.place(of: Double(source.word()) * 0x1p-32 * ends[ends.count - 1], in: ends)
      let row = training[place]
      drawn.append(row)
      isDrawn.insert(row)
    }
    if !heldOut.isEmpty { return (drawn, heldOut) }
    let outOfBag = training.filter { !isDrawn.contains($0) }
    return (drawn, outOfBag.isEmpty ? training : outOfBag)
  }

  /// What a posterior of all data is taken over: the training transitions, in proportion to their
  /// weights.
  func evenly(_ stream: Stream) -> [Int32] {
    let ends = cumulativeWeights
    guard let total = ends.last else { return training }
    var source = IndexSource(stream.numbers(.resample, part: 1))
    let offset = Double(source.word()) * 0x1p-32
    let count = training.count
    return (0..<count).map { k in
      training[Split.place(of: (Double(k) + offset) / Double(count) * total, in: ends)]
    }
  }

  /// How many transitions the training ones are worth: the sum of their weights.
  var worth: Float {
    guard let weights else { return Float(training.count) }
    return training.reduce(0) { $0 + weights[Int($1)] }
  }

  /// A network that samples begin from is judged by what it has not seen, so that the noise it is
  /// told is not that of its own overfit; with a held-out part that needs no resampling.
  private func resamples(_ posterior: Posterior) -> Bool {
    switch posterior {
    case .bootstrap: true
    case .shared: false
    case .bayesian, .lastLayer: heldOut.isEmpty
    }
  }

  /// Sums of the training transitions' weights up to each; empty if all weigh alike.
  private var cumulativeWeights: [Double] {
    guard let weights else { return [] }
    var sum = 0.0
    return training.map {
      sum += Double(weights[Int($0)])
      return sum
    }
  }

  /// The first place whose sum is above `value`.
  private static func place(of value: Double, in ends: [Double]) -> Int {
    var (low, high) = (0, ends.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if ends[middle] > value { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
