public import ReplanNumerics

extension TwoLinkArmEquation {
  @inline(always)
  public func rate(
    at x: UnsafePointer<Lanes>, under u: UnsafePointer<Lanes>,
    into rate: UnsafeMutablePointer<Lanes>
  ) {
    let elbowTurn = sineCosine(x[2])
    let torques = self.torques(
      x, u, elbowTurn.sine, shoulder: shoulder.deceleration(x[1]).value,
      elbow: elbow.deceleration(x[3]).value)
    let (first, second) = masses(elbowTurn.cosine).solve(torques.0, torques.1)
    rate[0] = x[1]
    rate[1] = first
    rate[2] = x[3]
    rate[3] = second
  }

  @inline(always)
  public func linearize(
    at x: UnsafePointer<Lanes>, under u: UnsafePointer<Lanes>,
    into rate: UnsafeMutablePointer<Lanes>, jacobian: UnsafeMutablePointer<Lanes>
  ) {
    let (sine, cosine) = sineCosine(x[2])
    let inner = shoulder.deceleration(x[1])
    let outer = elbow.deceleration(x[3])
    let torques = self.torques(x, u, sine, shoulder: inner.value, elbow: outer.value)
    let matrix = masses(cosine)
    let (first, second) = matrix.solve(torques.0, torques.1)
    rate[0] = x[1]
    rate[1] = first
    rate[2] = x[3]
    rate[3] = second
    // From M q̈ = h: ∂q̈ = M⁻¹ (∂h − ∂M q̈).
    let zero = Lanes(repeating: 0)
    let k = Lanes(repeating: coupling)
    let lean = Lanes(repeating: innerGravity) * sineCosine(x[0]).cosine
    let reach = Lanes(repeating: outerGravity) * sineCosine(x[0] + x[2]).cosine
    let byFirst = matrix.solve(lean + reach, reach)
    let drag = k * sine
    let byFirstSpeed = matrix.solve(
      (drag + drag) * x[3] - inner.slope, -(drag + drag) * x[1])
    let bend = k * cosine * x[3] * (x[1] + x[1] + x[3]) + drag * (first + first + second)
    let fold = drag * first - k * cosine * x[1] * x[1]
    let bySecond = matrix.solve(reach + bend, reach + fold)
    let bySecondSpeed = matrix.solve((drag + drag) * (x[1] + x[3]), -outer.slope)
    let byFirstTorque = matrix.solve(Lanes(repeating: 1), zero)
    let bySecondTorque = matrix.solve(zero, Lanes(repeating: 1))
    let columns = 6
    for i in 0..<24 { jacobian[i] = zero }
    jacobian[1] = Lanes(repeating: 1)
    jacobian[2 * columns + 3] = Lanes(repeating: 1)
    jacobian[columns] = byFirst.0
    jacobian[columns + 1] = byFirstSpeed.0
    jacobian[columns + 2] = bySecond.0
    jacobian[columns + 3] = bySecondSpeed.0
    jacobian[columns + 4] = byFirstTorque.0
    jacobian[columns + 5] = bySecondTorque.0
    jacobian[3 * columns] = byFirst.1
    jacobian[3 * columns + 1] = byFirstSpeed.1
    jacobian[3 * columns + 2] = bySecond.1
    jacobian[3 * columns + 3] = bySecondSpeed.1
    jacobian[3 * columns + 4] = byFirstTorque.1
    jacobian[3 * columns + 5] = bySecondTorque.1
  }

  /// The right-hand sides of both lines.
  @inlinable @inline(always)
  func torques(
    _ x: UnsafePointer<Lanes>, _ u: UnsafePointer<Lanes>, _ sine: Lanes, shoulder: Lanes,
    elbow: Lanes
  ) -> (Lanes, Lanes) {
    let drag = Lanes(repeating: coupling) * sine
    let reach = Lanes(repeating: outerGravity) * sineCosine(x[0] + x[2]).sine
    let lean = reach.adding(innerGravity, times: sineCosine(x[0]).sine)
    let first = u[0] + drag * x[3] * (x[1] + x[1] + x[3]) + lean - shoulder
    let second = u[1] - drag * x[1] * x[1] + reach - elbow
    return (first, second)
  }

  @inlinable @inline(always)
  func masses(_ cosine: Lanes) -> MassMatrix {
    let k = Lanes(repeating: coupling) * cosine
    let cross = k + Lanes(repeating: outer)
    return MassMatrix(k + k + Lanes(repeating: whole), cross, cross, Lanes(repeating: outer))
  }
}
