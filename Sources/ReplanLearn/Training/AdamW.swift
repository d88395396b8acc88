import ReplanNumerics

/// Adam with decoupled weight decay.
///
/// The quotient m / (√v + ε) is computed as m · 1/√(v + ε²), the reciprocal root from the exponent
/// bits and two Newton steps (relative error below 5e-6): it needs neither a root nor a division,
/// which are the slowest instructions of vectors and scalarised in Swift.
///
/// - Source: Kingma and Ba 2015, arXiv 1412.6980, algorithm 1; Loshchilov and Hutter 2019, arXiv
///   1711.05101, algorithm 2.
struct AdamW {
  let beta1: Float
  let beta2: Float
  let weightDecay: Float
  /// Moments divided by 1 − β1 and 1 − β2, which saves two multiplications a weight; laid out like
  /// the parameters and zero at first.
  let first: UnsafeMutablePointer<Lanes>
  let second: UnsafeMutablePointer<Lanes>
  private var power1: Float = 1
  private var power2: Float = 1

  init(
    settings: TrainingSettings, first: UnsafeMutablePointer<Lanes>,
    second: UnsafeMutablePointer<Lanes>
  ) {
    beta1 = settings.beta1
    beta2 = settings.beta2
    weightDecay = settings.weightDecay
    self.first = first
    self.second = second
  }

  /// One step on `network`'s parameters along its gradients; biases do not decay.
  mutating func step(_ network: MemberNetwork, rate: Float) {
    power1 *= beta1
    power2 *= beta2
    // Both bias corrections and the scales of the moments enter the step size:
    // m̂ / √v̂ = (√(1 − β2ᵗ) / (1 − β1ᵗ)) m / √v.
    let scale = (1 - beta1) / squareRoot(1 - beta2)
    let size = scale * rate * squareRoot(1 - power2) / (1 - power1)
    let weights = network.weightVectors
    update(network, 0, weights, size: size, keep: 1 - rate * weightDecay)
    update(network, weights, network.parameterVectors, size: size, keep: 1)
  }

  @inline(never)
  private func update(
    _ network: MemberNetwork, _ start: Int, _ end: Int, size: Float, keep: Float
  ) {
    // SAFETY: parameters, gradients and both moments hold `parameterVectors` vectors.
    let w = network.parameters
    let g = network.gradients
    let (m, v) = (first, second)
    let decay1 = Lanes(repeating: beta1)
    let decay2 = Lanes(repeating: beta2)
    for i in start..<end {
      let gradient = g[i]
      let m1 = gradient.addingProduct(decay1, m[i])
      let v1 = (gradient * gradient).addingProduct(decay2, v[i])
      m[i] = m1
      v[i] = v1
      let direction = m1 * AdamW.reciprocalRoot(v1 + Lanes(repeating: 1e-14))
      w[i] = (Lanes(repeating: keep) * w[i]).addingProduct(Lanes(repeating: -size), direction)
    }
  }

  /// 1 / √x of each positive, normal lane.
  @inline(__always)
  static func reciprocalRoot(_ x: Lanes) -> Lanes {
    let bits = unsafeBitCast(x, to: SIMD16<UInt32>.self)
    let guess = SIMD16<UInt32>(repeating: 0x5F37_59DF) &- (bits &>> SIMD16(repeating: 1))
    var y = unsafeBitCast(guess, to: Lanes.self)
    let half = Lanes(repeating: -0.5) * x
    let threeHalves = Lanes(repeating: 1.5)
    y = y * threeHalves.addingProduct(half * y, y)
    y = y * threeHalves.addingProduct(half * y, y)
    return y
  }
}
