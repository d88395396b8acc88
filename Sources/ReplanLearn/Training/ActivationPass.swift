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
        let r = logistic(x)
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
