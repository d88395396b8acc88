import ReplanCore
import ReplanNumerics

/// The loss of a batch and its gradient by the head, in normalised outputs.
///
/// Squares: ½ Σ (y − t)². Gaussian: ½ Σ [(y − t)² e^−s + s], where s is the head's log-variance
/// limited to `lowest...highest`; outside, only a gradient that leads back in is passed on. Both
/// are sums over outputs and means over the batch.
///
/// - Source: Chua et al. 2018, arXiv 1805.12114, whose bounds are soft and learned; hard ones need
///   no further parameters in the model file.
struct Loss {
  /// Limits of a predicted log-variance of a normalised output: standard deviations from 0.0067 to
  /// 4.5 times the usual change. Whoever reads a model limits alike.
  static let lowest: Float = -10
  static let highest: Float = 3

  let noise: NoiseHead
  /// Means of the head; a predicted cost is one of them.
  let outputCount: Int

  /// - Shapes: head and gradient [rows × head], target [rows × outputs].
  func gradient(
    rows: Int, head: UnsafeMutablePointer<Lanes>, target: UnsafeMutablePointer<Lanes>,
    into gradient: UnsafeMutablePointer<Lanes>
  ) {
    let scale = Lanes(repeating: 1 / Float(rows))
    let columns = Lanes.vectors(for: outputCount)
    switch noise {
    case .constant:
      for i in 0..<(rows * columns) { gradient[i] = (head[i] - target[i]) * scale }
    case .predicted:
      let headColumns = Lanes.vectors(for: 2 * outputCount)
      for row in 0..<rows {
        gaussian(
          head + row * headColumns, target + row * columns, gradient + row * headColumns, scale)
      }
    }
  }

  /// One row of the Gaussian gradient.
  ///
  /// Log-variances begin after the last mean, at no vector's boundary: they are read and written
  /// there unaligned. What is written beyond them is zero, or overwritten by the next row.
  private func gaussian(
    _ head: UnsafeMutablePointer<Lanes>, _ target: UnsafeMutablePointer<Lanes>,
    _ gradient: UnsafeMutablePointer<Lanes>, _ scale: Lanes
  ) {
    // SAFETY: rows are followed by another row or by two spare vectors.
    let shift = 4 * outputCount
    let columns = Lanes.vectors(for: outputCount)
    let zero = Lanes(repeating: 0)
    let raw = UnsafeRawPointer(head) + shift
    let out = UnsafeMutableRawPointer(gradient) + shift
    // Downwards, because the last vector of means reaches over the first log-variances.
    var j = columns
    while j > 0 {
      j -= 1
      let s = raw.loadUnaligned(fromByteOffset: 64 * j, as: Lanes.self)
      let bounded = s.limited(Loss.lowest, Loss.highest)
      let precision = boundedExponential(negating: bounded)
      let error = head[j] - target[j]
      let weighted = error * precision
      let slope = Lanes(repeating: 0.5) * (Lanes(repeating: 1) - error * weighted)
      let outward =
        ((s .< Lanes(repeating: Loss.lowest)) .& (slope .> zero))
        .| ((s .> Lanes(repeating: Loss.highest)) .& (slope .< zero))
      let valid = mask(vector: j)
      let byLogVariance = (slope * scale).replacing(with: zero, where: outward .| .!valid)
      let byMean = (weighted * scale).replacing(with: zero, where: .!valid)
      gradient[j] = byMean
      out.storeBytes(of: byLogVariance, toByteOffset: 64 * j, as: Lanes.self)
    }
  }

  @inline(__always)
  private func mask(vector j: Int) -> SIMDMask<SIMD16<Int32>> {
    let lane = SIMD16<Int32>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    return lane .< SIMD16<Int32>(repeating: Int32(outputCount - 16 * j))
  }

  /// The loss of one row, for judging.
  func value(
    head: UnsafeMutablePointer<Lanes>, target: UnsafeMutablePointer<Lanes>
  ) -> Double {
    var sum = 0.0
    for j in 0..<outputCount {
      let error = Double(head[j / 16][j % 16] - target[j / 16][j % 16])
      switch noise {
      case .constant:
        sum += 0.5 * error * error
      case .predicted:
        let k = outputCount + j
        let s = limited(head[k / 16][k % 16], Loss.lowest, Loss.highest)
        sum += 0.5 * (error * error * Double(exponential(-s)) + Double(s))
      }
    }
    return sum
  }
}
