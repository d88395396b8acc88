/// Which transitions train a member and which judge it.
///
/// From `holdOutFrom` transitions on, a part drawn by the seed is held out, the same for all
/// members; below, nothing is. `bootstrap` then resamples the rest for each member, with
/// replacement, as often as there are transitions.
struct Split {
  /// More held-out transitions would cost time and tell nothing new.
  static let heldOutLimit = 1024

  let heldOut: [Int32]
  let training: [Int32]

  init(count: Int, settings: TrainingSettings) {
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
    guard posterior == .bootstrap else {
      return (training, heldOut.isEmpty ? training : heldOut)
    }
    var source = IndexSource(stream.numbers(.resample))
    var drawn: [Int32] = []
    var isDrawn = Set<Int32>()
    for _ in training.indices {
      let row = training[source.below(training.count)]
      drawn.append(row)
      isDrawn.insert(row)
    }
    if !heldOut.isEmpty { return (drawn, heldOut) }
    let outOfBag = training.filter { !isDrawn.contains($0) }
    return (drawn, outOfBag.isEmpty ? training : outOfBag)
  }
}
