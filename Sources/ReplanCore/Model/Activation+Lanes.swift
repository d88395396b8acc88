import ReplanNumerics

extension Activation {
  /// Replaces each sum by its activation.
  @inline(always)
  func apply(to y: UnsafeMutablePointer<Lanes>, count: Int) {
    switch self {
    case .tanh: for i in 0..<count { y[i] = hyperbolicTangent(y[i]) }
    case .silu: for i in 0..<count { y[i] = sigmoidLinearUnit(y[i]) }
    case .softplus: for i in 0..<count { y[i] = ReplanNumerics.softplus(y[i]) }
    }
  }

  /// Replaces each sum by its activation and stores the activation's derivative there.
  @inline(always)
  func differentiate(
    _ y: UnsafeMutablePointer<Lanes>, _ slopes: UnsafeMutablePointer<Lanes>, count: Int
  ) {
    let one = Lanes(repeating: 1)
    switch self {
    case .tanh:
      for i in 0..<count {
        let value = hyperbolicTangent(y[i])
        slopes[i] = one - value * value
        y[i] = value
      }
    case .silu:
      for i in 0..<count {
        let x = y[i]
        let s = logistic(x)
        let value = sigmoidLinearUnit(x)
        slopes[i] = s.addingProduct(value, one - s)
        y[i] = value
      }
    case .softplus:
      for i in 0..<count {
        let x = y[i]
        slopes[i] = logistic(x)
        y[i] = ReplanNumerics.softplus(x)
      }
    }
  }
}
