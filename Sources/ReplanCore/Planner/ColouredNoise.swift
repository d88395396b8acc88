import ReplanNumerics

/// Gaussian noise over a horizon with the power spectrum 1/f^beta and unit variance.
///
/// A sample is a fixed matrix times white noise: for each frequency of the horizon a cosine and a
/// sine column. The constant column has the amplitude of the lowest frequency. The noise is
/// periodic over the horizon.
///
/// - Source: Timmer and König 1995, On generating power law noise; used for planning by Pinneri
///   et al. 2020 (iCEM), arXiv:2008.06389.
struct ColouredNoise {
  let horizon: Int
  let exponent: Float
  /// [horizon × horizon], row-major.
  private let basis: UnsafeMutablePointer<Float>
  /// White noise [horizon], one vector.
  private var white: UnsafeMutablePointer<Lanes>

  init(horizon: Int, exponent: Float, arena: inout Arena) {
    self.horizon = horizon
    self.exponent = exponent
    basis = arena.floats(horizon * horizon)
    white = arena.lanes(horizon)
  }

  /// The same with memory of its own to work in, for another thread; the matrix is shared.
  func withOwnScratch(arena: inout Arena) -> ColouredNoise {
    var result = self
    result.white = arena.lanes(horizon)
    return result
  }

  /// Fills the matrix; not on the tick.
  func prepare() {
    for t in 0..<horizon {
      var squares: Float = 0
      for j in 0..<horizon {
        let entry = element(t, j)
        basis[t * horizon + j] = entry
        squares += entry * entry
      }
      let factor = 1 / squareRoot(squares)
      for j in 0..<horizon { basis[t * horizon + j] *= factor }
    }
  }

  private func element(_ t: Int, _ j: Int) -> Float {
    let frequency = (j + 1) / 2
    let amplitude = exponential(-0.5 * exponent * logarithm(Float(max(frequency, 1))))
    guard frequency > 0 else { return amplitude }
    let phase = 6.283_185_3 * Float((frequency * t) % horizon) / Float(horizon)
    let direction = sineCosine(phase)
    let isNyquist = 2 * frequency == horizon
    return amplitude * (isNyquist || j % 2 == 1 ? direction.cosine : direction.sine)
  }

  /// Sixteen samples for one action channel; candidates `first`... draw from their own streams.
  ///
  /// - Shapes: result [horizon × step], one vector in each row.
  @inline(always)
  func sample(
    key: RandomKey, iteration: Int, first: Int, channel: Int,
    into result: UnsafeMutablePointer<Lanes>, step: Int
  ) {
    var stream = key.lanes(iteration: iteration, first: first, channel: channel)
    var t = 0
    while t < horizon {
      let normals = stream.nextNormals()
      white[t] = normals.0
      if t + 1 < horizon { white[t + 1] = normals.1 }
      if t + 2 < horizon { white[t + 2] = normals.2 }
      if t + 3 < horizon { white[t + 3] = normals.3 }
      t += 4
    }
    for t in 0..<horizon {
      var value = Lanes(repeating: 0)
      let row = basis + t * horizon
      for j in 0..<horizon { value = value.adding(row[j], times: white[j]) }
      result[t * step] = value
    }
  }
}
