import ReplanCore
import ReplanNumerics

/// The activation of a whole layer in place, and its slope for the way back.
enum ActivationPass {
  @inline(never)
  static func apply(
    _ activation: Activation, _ z: UnsafeMutablePointer<Lanes>,
    slope: UnsafeMutablePointer<Lanes>, count: Int
  ) {
    // SAFETY: both buffers hold `count` vectors; MemberNetwork allocates them alike.
    let one = Lanes(repeating: 1)
    switch activation {
    case .silu:
      for i in 0..<count {
        let x = z[i]
        let r = sigmoid(x)
        let y = x * r
        z[i] = y
        slope[i] = r.addingProduct(y, one - r)
      }
    case .tanh:
      for i in 0..<count {
        let y = hyperbolicTangent(z[i])
        z[i] = y
        slope[i] = one.addingProduct(-y, y)
      }
    case .softplus:
      for i in 0..<count {
        let x = z[i]
        z[i] = softplus(x)
        slope[i] = logistic(x)
      }
    }
  }

  /// 1 / (1 + e^-x).
  @inline(__always)
  static func sigmoid(_ x: Lanes) -> Lanes {
    let one = Lanes(repeating: 1)
    return one / (one + boundedExponential(-x))
  }

  /// e^x, the argument bounded to ±87.
  ///
  /// Within these bounds 2^n is a normal number, so that the power of two is added to the exponent
  /// bits at once; otherwise the polynomial of ReplanNumerics' exponential. The passes are bound by
  /// their instructions, of which this saves seven.
  @inline(__always)
  static func boundedExponential(_ x: Lanes) -> Lanes {
    let magic = Lanes(repeating: 12_582_912)
    let t = x.limited(-87, 87)
    let shifted = magic.addingProduct(t, Lanes(repeating: 1.442_695_04))
    let n = shifted - magic
    var r = t.addingProduct(n, Lanes(repeating: -0.693_359_375))
    r = r.addingProduct(n, Lanes(repeating: 2.121_944_4e-4))
    var p = Lanes(repeating: 1.398_199_950_7e-3).addingProduct(r, Lanes(repeating: 1.987_569_15e-4))
    p = Lanes(repeating: 8.333_451_907_3e-3).addingProduct(p, r)
    p = Lanes(repeating: 4.166_579_589_4e-2).addingProduct(p, r)
    p = Lanes(repeating: 1.666_666_545_9e-1).addingProduct(p, r)
    p = Lanes(repeating: 5.000_000_120_1e-1).addingProduct(p, r)
    let y = Lanes(repeating: 1) + r.addingProduct(p, r * r)
    // The low bits of `shifted` are n; the shift drops all others.
    let exponent = unsafeBitCast(shifted, to: SIMD16<Int32>.self) &<< SIMD16<Int32>(repeating: 23)
    return unsafeBitCast(unsafeBitCast(y, to: SIMD16<Int32>.self) &+ exponent, to: Lanes.self)
  }

  /// Zeroes the padding of rows of a matrix: softplus(0) is not 0, and padding must not learn.
  static func clearPadding(
    _ matrix: UnsafeMutablePointer<Lanes>, rows: Int, width: Int
  ) {
    let used = width % Lanes.width
    guard used != 0 else { return }
    let columns = Lanes.vectors(for: width)
    var mask = Lanes(repeating: 0)
    for i in 0..<used { mask[i] = 1 }
    for row in 0..<rows {
      matrix[row * columns + columns - 1] = matrix[row * columns + columns - 1] * mask
    }
  }
}
