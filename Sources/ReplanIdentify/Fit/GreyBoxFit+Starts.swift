/// Where a fit begins.
extension GreyBoxFit {
  struct Start {
    var result: LevenbergMarquardt.Result
    var problem: ShootingProblem
    var tried: Int
    var finite: Int
  }

  /// The best of several starts after a few iterations: on short windows, or on whole records where a
  /// state was not measured.
  func chosenStart(_ records: [MeasuredRecord], isWhole: Bool) throws(IdentifyError) -> Start {
    let starts = self.starts(records)
    var problem = self.problem(
      records, samples: isWhole ? Self.shortWindow : .max, noise: usualNoise(records))
    var best: LevenbergMarquardt.Result?
    var finite = 0
    for (index, start) in starts.enumerated() {
      guard !isCancelled() else { throw .cancelled }
      progress("start \(index + 1) of \(starts.count)")
      let point = ShootingProblem.Point(
        parameters: start, starts: problem.measuredStarts())
      let search = LevenbergMarquardt(iterations: isWhole ? 15 : 40, tolerance: 1e-4)
      guard let result = search.minimize(problem, from: point, isCancelled: isCancelled) else {
        continue
      }
      finite += 1
      if best == nil || result.cost < best!.cost { best = result }
    }
    guard let best else { throw .noFit(starts: starts.count) }
    problem.noise = floored(problem.residualNoise(best.point), records)
    return Start(result: best, problem: problem, tried: starts.count, finite: finite)
  }

  /// Finite differences' parameters first, then the given ones, then random ones around these.
  private func starts(_ records: [MeasuredRecord]) -> [[Double]] {
    let given = parameters.map(\.start)
    let differences = EquationErrorStart(
      simulator: simulator, isAngle: isAngle, free: free, bounds: parameters.map(\.bounds))
    var starts = [differences.parameters(from: given, records), given].compactMap { $0 }
    // Where differences say where to begin, chance has little to add.
    let draws = starts.count > 1 ? settings.randomStarts / 3 : settings.randomStarts
    var random = StartNumbers(seed: settings.seed)
    for _ in 0..<draws {
      starts.append(
        parameters.map { parameter in
          guard !parameter.isFixed else { return parameter.start }
          let factor = random.factor()
          let drawn =
            parameter.start == 0 ? 0.01 * (factor - 1) : parameter.start * factor
          return min(max(drawn, parameter.bounds.lowerBound), parameter.bounds.upperBound)
        })
    }
    return starts
  }
}

/// Factors from 1/5 to 5, evenly on a logarithmic scale; the same for the same seed.
private struct StartNumbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// - Source: Steele, Lea, Flood 2014, splitmix64.
  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func factor() -> Double {
    let uniform = Double(next() >> 11) / 9_007_199_254_740_992
    return Double.exponential((2 * uniform - 1) * 1.609_437_912)
  }
}
