/// `MotorEquation` of the core.
enum MotorPhysics: IdentifiableEquation {
  static var stateCount: Int { 2 }
  static var actionCount: Int { 1 }
  static var parameterCount: Int { 6 }

  @inline(always)
  static func rate<N: EquationNumber>(
    at x: UnsafePointer<N>, under u: UnsafePointer<Double>, _ p: UnsafePointer<N>,
    into rate: UnsafeMutablePointer<N>
  ) {
    rate[0] = x[1]
    rate[1] = u[0] * p[0] - JointFriction.stribeck(x[1], p + 1)
  }
}

/// `TwoLinkArmEquation` of the core.
enum TwoLinkArmPhysics: IdentifiableEquation {
  static var stateCount: Int { 4 }
  static var actionCount: Int { 2 }
  static var parameterCount: Int { 11 }

  @inline(always)
  static func rate<N: EquationNumber>(
    at x: UnsafePointer<N>, under u: UnsafePointer<Double>, _ p: UnsafePointer<N>,
    into rate: UnsafeMutablePointer<N>
  ) {
    let bend = p[2] * N.cosine(x[2])
    let drag = p[2] * N.sine(x[2])
    let reach = p[4] * N.sine(x[0] + x[2])
    let lean = p[3] * N.sine(x[0])
    let both = 2 * x[1] + x[3]
    let first =
      N(u[0]) + drag * x[3] * both + lean + reach - JointFriction.deceleration(x[1], p + 5)
    let second =
      N(u[1]) - drag * (x[1] * x[1]) + reach - JointFriction.deceleration(x[3], p + 8)
    let whole = p[0] + 2 * bend
    let cross = p[1] + bend
    let determinant = whole * p[1] - cross * cross
    rate[0] = x[1]
    rate[1] = (p[1] * first - cross * second) / determinant
    rate[2] = x[3]
    rate[3] = (whole * second - cross * first) / determinant
  }

  @inline(always)
  static func balance<N: EquationNumber>(
    at x: UnsafePointer<N>, known rate: UnsafePointer<Double>, under u: UnsafePointer<Double>,
    _ p: UnsafePointer<N>, into left: UnsafeMutablePointer<N>
  ) {
    let cosine = N.cosine(x[2])
    let sine = N.sine(x[2])
    let both = 2 * x[1] + x[3]
    let reach = p[4] * N.sine(x[0] + x[2])
    let inner = (2 * rate[1] + rate[3]) * cosine - sine * x[3] * both
    let outer = rate[1] * cosine + sine * (x[1] * x[1])
    left[0] = N(rate[0]) - x[1]
    left[1] =
      rate[1] * p[0] + rate[3] * p[1] + p[2] * inner - N(u[0]) - p[3] * N.sine(x[0]) - reach
      + JointFriction.deceleration(x[1], p + 5)
    left[2] = N(rate[2]) - x[3]
    left[3] =
      (rate[1] + rate[3]) * p[1] + p[2] * outer - N(u[1]) - reach
      + JointFriction.deceleration(x[3], p + 8)
  }
}

/// `TwoTankEquation` of the core.
enum TwoTankPhysics: IdentifiableEquation {
  static var stateCount: Int { 2 }
  static var actionCount: Int { 1 }
  static var parameterCount: Int { 12 }

  @inline(always)
  static func rate<N: EquationNumber>(
    at x: UnsafePointer<N>, under u: UnsafePointer<Double>, _ p: UnsafePointer<N>,
    into rate: UnsafeMutablePointer<N>
  ) {
    let width = p[11] * p[11]
    let upper = drain(x[0], p[2], p[3], width)
    let lower = drain(x[1], p[4], p[5], width)
    let over = overflow(x[0] - p[6], p[10], width)
    let lost = overflow(x[1] - p[7], p[10], width)
    rate[0] = u[0] * p[0] + p[1] - upper - over
    rate[1] = p[9] * upper - lower + p[8] * over - lost
  }

  @inline(always)
  private static func drain<N: EquationNumber>(
    _ level: N, _ outflow: N, _ loss: N, _ width: N
  ) -> N {
    let fourth = N.squareRoot(N.squareRoot(level * level + width))
    return outflow * (level / fourth) + loss * level
  }

  @inline(always)
  private static func overflow<N: EquationNumber>(_ above: N, _ weir: N, _ width: N) -> N {
    0.5 * weir * (above + N.squareRoot(above * above + width))
  }
}
