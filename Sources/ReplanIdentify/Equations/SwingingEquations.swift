/// `PendulumEquation` of the core.
enum PendulumPhysics: IdentifiableEquation {
  static var stateCount: Int { 2 }
  static var actionCount: Int { 1 }
  static var parameterCount: Int { 5 }

  @inline(always)
  static func rate<N: EquationNumber>(
    at x: UnsafePointer<N>, under u: UnsafePointer<Double>, _ p: UnsafePointer<N>,
    into rate: UnsafeMutablePointer<N>
  ) {
    let pull = p[0] * N.sine(x[0]) + u[0] * p[1]
    rate[0] = x[1]
    rate[1] = pull - JointFriction.deceleration(x[1], p + 2)
  }
}

/// `CartPoleEquation` of the core.
enum CartPolePhysics: IdentifiableEquation {
  static var stateCount: Int { 4 }
  static var actionCount: Int { 1 }
  static var parameterCount: Int { 9 }

  @inline(always)
  static func rate<N: EquationNumber>(
    at x: UnsafePointer<N>, under u: UnsafePointer<Double>, _ p: UnsafePointer<N>,
    into rate: UnsafeMutablePointer<N>
  ) {
    let sine = N.sine(x[2])
    let cosine = N.cosine(x[2])
    let swing = p[0] * (x[3] * x[3]) * sine
    let push = swing + u[0] * p[1] - JointFriction.deceleration(x[1], p + 3)
    let fall = gravity * sine - JointFriction.deceleration(x[3], p + 6)
    let cross = p[0] * cosine
    let determinant = p[2] - cross * cosine
    rate[0] = x[1]
    rate[1] = (p[2] * push - cross * fall) / determinant
    rate[2] = x[3]
    rate[3] = (fall - cosine * push) / determinant
  }

  @inline(always)
  static func balance<N: EquationNumber>(
    at x: UnsafePointer<N>, known rate: UnsafePointer<Double>, under u: UnsafePointer<Double>,
    _ p: UnsafePointer<N>, into left: UnsafeMutablePointer<N>
  ) {
    let sine = N.sine(x[2])
    let cosine = N.cosine(x[2])
    let swing = rate[3] * cosine - (x[3] * x[3]) * sine
    left[0] = N(rate[0]) - x[1]
    left[1] =
      N(rate[1]) + p[0] * swing - u[0] * p[1] + JointFriction.deceleration(x[1], p + 3)
    left[2] = N(rate[2]) - x[3]
    left[3] =
      rate[1] * cosine + rate[3] * p[2] - gravity * sine
      + JointFriction.deceleration(x[3], p + 6)
  }
}

/// `FurutaEquation` of the core.
enum FurutaPhysics: IdentifiableEquation {
  static var stateCount: Int { 4 }
  static var actionCount: Int { 1 }
  static var parameterCount: Int { 10 }

  @inline(always)
  static func rate<N: EquationNumber>(
    at x: UnsafePointer<N>, under u: UnsafePointer<Double>, _ p: UnsafePointer<N>,
    into rate: UnsafeMutablePointer<N>
  ) {
    let sine = N.sine(x[2])
    let cosine = N.cosine(x[2])
    let product = sine * cosine
    let drag = 2 * p[0] * product * x[1] * x[3]
    let push =
      p[1] * (x[3] * x[3]) * sine + u[0] * p[2] - drag
      - JointFriction.deceleration(x[1], p + 4)
    let fall =
      p[3] * sine + product * (x[1] * x[1]) - JointFriction.deceleration(x[3], p + 7)
    let whole = N(1) + p[0] * (sine * sine)
    let cross = p[1] * cosine
    let back = cross / p[0]
    let determinant = whole - cross * back
    rate[0] = x[1]
    rate[1] = (push - cross * fall) / determinant
    rate[2] = x[3]
    rate[3] = (whole * fall - back * push) / determinant
  }

  @inline(always)
  static func balance<N: EquationNumber>(
    at x: UnsafePointer<N>, known rate: UnsafePointer<Double>, under u: UnsafePointer<Double>,
    _ p: UnsafePointer<N>, into left: UnsafeMutablePointer<N>
  ) {
    let sine = N.sine(x[2])
    let cosine = N.cosine(x[2])
    let product = sine * cosine
    let turn = rate[1] * (sine * sine) + 2 * product * x[1] * x[3]
    let swing = rate[3] * cosine - (x[3] * x[3]) * sine
    left[0] = N(rate[0]) - x[1]
    left[1] =
      N(rate[1]) + p[0] * turn + p[1] * swing - u[0] * p[2]
      + JointFriction.deceleration(x[1], p + 4)
    left[2] = N(rate[2]) - x[3]
    left[3] =
      (p[1] / p[0]) * (rate[1] * cosine) + N(rate[3]) - p[3] * sine - product * (x[1] * x[1])
      + JointFriction.deceleration(x[3], p + 7)
  }
}
