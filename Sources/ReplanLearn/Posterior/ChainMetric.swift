import ReplanCore
import ReplanNumerics

/// The scales on which a chain moves: for each weight about its posterior variance, and how much
/// stiffer than that the stiffest direction is.
///
/// The metric is the inverse of the diagonal of the expected curvature of the negative log posterior
/// (Gauss and Newton's, from draws of the model's own noise) plus the prior's precision. It is taken
/// once, at the optimum, and frozen: a metric that followed the chain would need the derivative by the
/// weights that pSGLD drops, and the noise would not match it.
///
/// - Source: Li et al. 2016, Preconditioned stochastic gradient Langevin dynamics, arXiv:1512.07666;
///   there it is one over the root of the mean squared gradient. Without the root it has the unit of a
///   variance, so that the step size is a pure number.
struct ChainMetric {
  let network: MemberNetwork
  /// One over the noise variance of each normalised mean; not used where it is predicted.
  let precision: [Float]
  /// Transitions that the data are worth.
  let worth: Float
  /// One over the prior's variance, 0 where a weight does not move.
  let prior: UnsafeMutablePointer<Lanes>
  /// Draws that the diagonal is estimated from, and rounds of the power iteration.
  private static let draws = 24
  private static let rounds = 12
  /// The power iteration finds the largest value from below.
  private static let margin: Float = 1.3

  /// Writes the metric; padding, and what does not move, becomes 0.
  ///
  /// - Parameters:
  ///   - rows: of each batch that `fill` puts into the network's input.
  ///   - stream: the draws.
  func fill(
    _ metric: UnsafeMutablePointer<Lanes>, rows: Int, stream: Stream, fillBatch: () -> Void
  ) {
    // SAFETY: metric and prior are laid out like the parameters.
    let count = network.parameterVectors
    for i in 0..<count { metric[i] = Lanes(repeating: 0) }
    var normals = stream.numbers(.metric)
    for _ in 0..<Self.draws {
      fillBatch()
      network.forward(rows: rows)
      drawAdjoints(rows: rows, &normals)
      network.backward(rows: rows)
      let g = network.gradients
      for i in 0..<count { metric[i] = metric[i].addingProduct(g[i], g[i]) }
    }
    let share = Lanes(repeating: 1 / Float(Self.draws))
    let one = Lanes(repeating: 1)
    let zero = Lanes(repeating: 0)
    for i in 0..<count {
      let moves = prior[i] .> zero
      let curvature = (metric[i] * share + prior[i]).replacing(with: one, where: .!moves)
      metric[i] = (one / curvature).replacing(with: zero, where: .!moves)
    }
  }

  /// Adjoints whose squared gradient is the expected curvature: the noise's own score.
  private func drawAdjoints(rows: Int, _ normals: inout Philox) {
    let scale = squareRoot(worth / Float(rows))
    forEachHead(rows: rows) { row, j, place in
      let draw = normals.nextNormals()
      let (mean, logVariance) = rootCurvature(row, j)
      put(place, scale * mean * draw.x)
      if network.shape.noise == .predicted {
        put(place + network.shape.meanCount, scale * logVariance * draw.y)
      }
    }
  }

  /// The largest eigenvalue of the curvature in units of the metric, by power iteration on one batch.
  ///
  /// - Parameters:
  ///   - scratch: two blocks laid out like the parameters.
  ///   - heads: room for the heads of `rows` rows.
  func stiffness(
    _ metric: UnsafeMutablePointer<Lanes>, rows: Int, stream: Stream,
    scratch: (UnsafeMutablePointer<Lanes>, UnsafeMutablePointer<Lanes>),
    heads: UnsafeMutablePointer<Lanes>
  ) -> Float {
    let count = network.parameterVectors
    let (u, kept) = scratch
    var normals = stream.numbers(.metric, part: 1)
    for i in 0..<count {
      for lane in Swift.stride(from: 0, to: 16, by: 4) {
        let four = normals.nextNormals()
        for k in 0..<4 { u[i][lane + k] = metric[i][lane + k] > 0 ? four[k] : 0 }
      }
    }
    kept.update(from: network.parameters, count: count)
    let width = Lanes.vectors(for: network.shape.headCount)
    network.forward(rows: rows)
    heads.update(from: network.head, count: rows * width)
    // A twentieth of a posterior deviation: far above the rounding of the heads, and nearly linear.
    let size: Float = 0.05
    var largest: Float = 1
    for _ in 0..<Self.rounds {
      let norm = squareRoot(max(dot(u, u, count), 1e-30))
      for i in 0..<count { u[i] = u[i] * Lanes(repeating: 1 / norm) }
      for i in 0..<count {
        network.parameters[i] = kept[i].adding(size, times: squareRoot(metric[i]) * u[i])
      }
      network.refreshCopies()
      network.forward(rows: rows)
      curveAdjoints(rows: rows, heads: heads, size: size)
      network.parameters.update(from: kept, count: count)
      network.refreshCopies()
      // The activations of the undisturbed weights again, where the way back is taken; the forward
      // pass leaves the adjoints alone.
      network.forward(rows: rows)
      network.backward(rows: rows)
      for i in 0..<count {
        let root = squareRoot(metric[i])
        u[i] = root * network.gradients[i].addingProduct(prior[i] * root, u[i])
      }
      largest = squareRoot(max(dot(u, u, count), 1e-30))
    }
    return max(1, Self.margin * largest)
  }

  /// Adjoints of the curvature times the change of the heads.
  private func curveAdjoints(
    rows: Int, heads: UnsafeMutablePointer<Lanes>, size: Float
  ) {
    let width = Lanes.vectors(for: network.shape.headCount)
    let scale = worth / Float(rows) / size
    func change(_ place: Int) -> Float {
      network.head[place / 16][place % 16] - heads[place / 16][place % 16]
    }
    forEachHead(rows: rows) { row, j, place in
      let k = row * width * 16
      let (mean, logVariance) = rootCurvature(row, j, heads)
      put(place, scale * mean * mean * change(k + j))
      if network.shape.noise == .predicted {
        let s = network.shape.meanCount + j
        put(place + network.shape.meanCount, scale * logVariance * logVariance * change(k + s))
      }
    }
  }

  /// Root of the expected curvature by a mean and by its log-variance.
  private func rootCurvature(
    _ row: Int, _ j: Int, _ heads: UnsafeMutablePointer<Lanes>? = nil
  ) -> (mean: Float, logVariance: Float) {
    guard network.shape.noise == .predicted else { return (squareRoot(precision[j]), 0) }
    let width = Lanes.vectors(for: network.shape.headCount)
    let place = row * width * 16 + network.shape.meanCount + j
    let s = (heads ?? network.head)[place / 16][place % 16]
    let isInside = s > Loss.lowest && s < Loss.highest
    return (
      exponential(-0.5 * limited(s, Loss.lowest, Loss.highest)), isInside ? 0.707_106_8 : 0
    )
  }

  /// Calls `body` for each mean of each row, with its place among the adjoint's floats; all others of
  /// the row are set to 0 first.
  private func forEachHead(rows: Int, _ body: (_ row: Int, _ j: Int, _ place: Int) -> Void) {
    let width = Lanes.vectors(for: network.shape.headCount)
    for row in 0..<rows {
      for v in 0..<width { network.headAdjoint[row * width + v] = Lanes(repeating: 0) }
      for j in 0..<network.shape.meanCount { body(row, j, row * width * 16 + j) }
    }
  }

  private func put(_ place: Int, _ value: Float) {
    network.headAdjoint[place / 16][place % 16] = value
  }

  private func dot(
    _ a: UnsafeMutablePointer<Lanes>, _ b: UnsafeMutablePointer<Lanes>, _ count: Int
  ) -> Float {
    var sum = Lanes(repeating: 0)
    for i in 0..<count { sum = sum.addingProduct(a[i], b[i]) }
    return sum.orderedSum()
  }
}
