public import ReplanNumerics

extension FurutaEquation {
  @inline(always)
  public func rate(
    at x: UnsafePointer<Lanes>, under u: UnsafePointer<Lanes>,
    into rate: UnsafeMutablePointer<Lanes>
  ) {
    let (sine, cosine) = sineCosine(x[2])
    let torques = self.torques(
      x, u, sine, cosine, arm: armFriction.deceleration(x[1]).value,
      pivot: pivotFriction.deceleration(x[3]).value)
    let (turn, spin) = masses(sine, cosine).solve(torques.0, torques.1)
    rate[0] = x[1]
    rate[1] = turn
    rate[2] = x[3]
    rate[3] = spin
  }

  @inline(always)
  public func linearize(
    at x: UnsafePointer<Lanes>, under u: UnsafePointer<Lanes>,
    into rate: UnsafeMutablePointer<Lanes>, jacobian: UnsafeMutablePointer<Lanes>
  ) {
    let (sine, cosine) = sineCosine(x[2])
    let arm = armFriction.deceleration(x[1])
    let pivot = pivotFriction.deceleration(x[3])
    let torques = self.torques(x, u, sine, cosine, arm: arm.value, pivot: pivot.value)
    let matrix = masses(sine, cosine)
    let (turn, spin) = matrix.solve(torques.0, torques.1)
    rate[0] = x[1]
    rate[1] = turn
    rate[2] = x[3]
    rate[3] = spin
    // From M q̈ = h: ∂q̈ = M⁻¹ (∂h − ∂M q̈).
    let zero = Lanes(repeating: 0)
    let k = Lanes(repeating: coupling)
    let twice = Lanes(repeating: 2 * ratio)
    let product = sine * cosine
    let doubled = cosine * cosine - sine * sine
    let byArm = matrix.solve(
      -(twice * product * x[3] + arm.slope), (product + product) * x[1])
    let bend =
      k * (cosine * x[3] * x[3] + sine * spin) - twice * (doubled * x[1] * x[3] + product * turn)
    let fall =
      Lanes(repeating: gravity) * cosine + doubled * x[1] * x[1]
      + Lanes(repeating: coupling / ratio) * sine * turn
    let byAngle = matrix.solve(bend, fall)
    let byPole = matrix.solve((k + k) * sine * x[3] - twice * product * x[1], -pivot.slope)
    let byTorque = matrix.solve(Lanes(repeating: gain), zero)
    let columns = 5
    for i in 0..<20 { jacobian[i] = zero }
    jacobian[1] = Lanes(repeating: 1)
    jacobian[2 * columns + 3] = Lanes(repeating: 1)
    jacobian[columns + 1] = byArm.0
    jacobian[columns + 2] = byAngle.0
    jacobian[columns + 3] = byPole.0
    jacobian[columns + 4] = byTorque.0
    jacobian[3 * columns + 1] = byArm.1
    jacobian[3 * columns + 2] = byAngle.1
    jacobian[3 * columns + 3] = byPole.1
    jacobian[3 * columns + 4] = byTorque.1
  }

  /// The right-hand sides of both lines, in the equation's units.
  @inlinable @inline(always)
  func torques(
    _ x: UnsafePointer<Lanes>, _ u: UnsafePointer<Lanes>, _ sine: Lanes, _ cosine: Lanes,
    arm: Lanes, pivot: Lanes
  ) -> (Lanes, Lanes) {
    let product = sine * cosine
    let swing = Lanes(repeating: coupling) * x[3] * x[3] * sine
    let drag = Lanes(repeating: 2 * ratio) * product * x[1] * x[3]
    let push = swing.adding(gain, times: u[0]) - drag - arm
    let fall = (Lanes(repeating: gravity) * sine).addingProduct(product, x[1] * x[1]) - pivot
    return (push, fall)
  }

  @inlinable @inline(always)
  func masses(_ sine: Lanes, _ cosine: Lanes) -> MassMatrix {
    MassMatrix(
      Lanes(repeating: 1).adding(ratio, times: sine * sine), Lanes(repeating: coupling) * cosine,
      Lanes(repeating: coupling / ratio) * cosine, Lanes(repeating: 1))
  }
}
