import ReplanNumerics

/// Draws candidates: noise at the knots around a mean plan.
struct Sampler {
  enum Distribution: UInt8, BitwiseCopyable {
    case normal, uniform
  }

  let horizon: Int
  let actionCount: Int
  let knots: Knots
  let distribution: Distribution
  /// Factors of the noise, `scaleCount` of them in turn.
  private let scales: SIMD4<Float>
  private let scaleCount: Int
  private let knotCount: Int
  private var noise: ColouredNoise
  private var atKnots: UnsafeMutablePointer<Lanes>

  init(
    horizon: Int, actionCount: Int, knots: Knots, exponent: Float,
    scales: SIMD4<Float> = SIMD4(1, 0, 0, 0), distribution: Distribution = .normal,
    arena: inout Arena
  ) {
    self.horizon = horizon
    self.actionCount = actionCount
    self.knots = knots
    self.distribution = distribution
    self.scales = scales
    scaleCount = Sampler.count(of: scales)
    knotCount = knots.count(horizon: horizon)
    noise = ColouredNoise(horizon: knotCount, exponent: exponent, arena: &arena)
    atKnots = arena.lanes(knotCount)
  }

  func prepare() { noise.prepare() }

  /// Scales that the candidates take in turn: zeros at the end do not count.
  private static func count(of scales: SIMD4<Float>) -> Int {
    var count = 4
    while count > 1 && scales[count - 1] == 0 { count -= 1 }
    return count
  }

  /// Mean square of these scales.
  static func meanSquare(of scales: SIMD4<Float>) -> Float {
    var sum: Float = 0
    for i in 0..<4 { sum += scales[i] * scales[i] }
    return max(sum / Float(count(of: scales)), 1e-6)
  }

  /// The same with memory of its own to work in, for another thread; tables are shared.
  func withOwnScratch(arena: inout Arena) -> Sampler {
    var result = self
    result.noise = noise.withOwnScratch(arena: &arena)
    result.atKnots = arena.lanes(knotCount)
    return result
  }

  /// Writes a block of candidates; lanes before `exact` hold the mean itself.
  ///
  /// - Shapes: actions [horizon × A × vectors], mean and deviation [horizon × A].
  @inline(always)
  func fill(
    _ actions: UnsafeMutablePointer<Lanes>, vectors: Int, first: Int, exact: Int, iteration: Int,
    key: RandomKey, mean: UnsafePointer<Float>, deviation: UnsafePointer<Float>
  ) {
    for v in 0..<vectors {
      let start = first + v * Lanes.width
      let scale = scales(first: start, exact: exact)
      for i in 0..<actionCount {
        draw(key: key, iteration: iteration, first: start, channel: i)
        for k in 0..<knotCount { atKnots[k] = atKnots[k] * scale }
        spread(
          actions + i * vectors + v, step: actionCount * vectors, channel: i,
          phase: knots.phase(key.tick), mean: mean, deviation: deviation)
      }
    }
  }

  @inline(always)
  private func draw(key: RandomKey, iteration: Int, first: Int, channel: Int) {
    switch distribution {
    case .normal:
      noise.sample(
        key: key, iteration: iteration, first: first, channel: channel, into: atKnots, step: 1)
    case .uniform:
      var stream = key.lanes(iteration: iteration, first: first, channel: channel)
      var k = 0
      let two = Lanes(repeating: 2)
      let one = Lanes(repeating: 1)
      while k < knotCount {
        let words = stream.next()
        atKnots[k] = two * PhiloxLanes.uniform(words.0) - one
        if k + 1 < knotCount { atKnots[k + 1] = two * PhiloxLanes.uniform(words.1) - one }
        if k + 2 < knotCount { atKnots[k + 2] = two * PhiloxLanes.uniform(words.2) - one }
        if k + 3 < knotCount { atKnots[k + 3] = two * PhiloxLanes.uniform(words.3) - one }
        k += 4
      }
    }
  }

  /// Mean plus noise at each tick; the deviation is that of the knot's own tick.
  @inline(always)
  private func spread(
    _ actions: UnsafeMutablePointer<Lanes>, step: Int, channel: Int, phase: Int,
    mean: UnsafePointer<Float>, deviation: UnsafePointer<Float>
  ) {
    var knot = 0
    var since = phase
    for t in 0..<horizon {
      let centre = Lanes(repeating: mean[t * actionCount + channel])
      let now = deviation[tick(of: knot, phase: phase) * actionCount + channel]
      switch knots.interpolation {
      case .hold:
        actions[t * step] = centre.adding(now, times: atKnots[knot])
      case .linear:
        let part = Float(since) / Float(knots.ticks)
        var value = centre.adding(now * (1 - part), times: atKnots[knot])
        if since > 0 {
          let next = deviation[tick(of: knot + 1, phase: phase) * actionCount + channel]
          value = value.adding(next * part, times: atKnots[knot + 1])
        }
        actions[t * step] = value
      }
      since += 1
      if since == knots.ticks {
        since = 0
        knot += 1
      }
    }
  }

  /// The tick of the plan at which a knot lies, or the nearest one.
  @inline(always)
  private func tick(of knot: Int, phase: Int) -> Int {
    min(max(knot * knots.ticks - phase, 0), horizon - 1)
  }

  /// Factor of the noise of each lane.
  @inline(always)
  private func scales(first: Int, exact: Int) -> Lanes {
    var result = Lanes(repeating: 0)
    for lane in 0..<Lanes.width where first + lane >= exact {
      result[lane] = scales[(first + lane) % scaleCount]
    }
    return result
  }
}
