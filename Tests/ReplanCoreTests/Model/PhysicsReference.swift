import Foundation

@testable import ReplanCore

/// The equations of motion once more, from physical quantities, plainly and in double precision.
struct PhysicsReference {
  var name: PhysicsEquation
  var substeps: Int
  var tick = 0.02
  var friction = 1.0

  static let g = 9.81

  func resist(_ v: Double, _ viscous: Double, _ coulomb: Double, _ transition: Double) -> Double {
    friction * (viscous * v + coulomb * tanh(v / transition))
  }

  func rate(_ x: [Double], _ u: [Double]) -> [Double] {
    switch name {
    case .pendulum:
      let (m, l) = (1.05, 0.49)
      let torque = u[0] + m * Self.g * l * sin(x[0]) - resist(x[1], 0.02, 0.015, 0.05)
      return [x[1], torque / (m * l * l)]
    case .motor:
      let (inertia, k, resistance) = (2e-3, 0.05, 1.5)
      let current = (u[0] - k * x[1]) / resistance
      let excess = friction * 1e-3 * exp(-pow(x[1] / 0.8, 2)) * tanh(x[1] / 0.05)
      return [x[1], (k * current - resist(x[1], 1e-4, 2e-3, 0.05) - excess) / inertia]
    case .cartPole:
      return cartPole(x, u[0])
    case .furutaPendulum:
      return furuta(x, u[0])
    case .twoLinkArm:
      return arm(x, u)
    case .twoTanks:
      return tanks(x, u[0])
    }
  }

  private func arm(_ x: [Double], _ u: [Double]) -> [Double] {
    let (m1, l1, m2, l2) = (0.8, 0.4, 0.5, 0.3)
    let (s, c) = (sin(x[2]), cos(x[2]))
    let outer = m2 * l2 * l2 / 3
    let k = 0.5 * m2 * l1 * l2
    let whole = m1 * l1 * l1 / 3 + m2 * l1 * l1 + outer
    let reach = Self.g * 0.5 * m2 * l2 * sin(x[0] + x[2])
    let lean = Self.g * l1 * (0.5 * m1 + m2) * sin(x[0])
    let a =
      u[0] + k * s * x[3] * (2 * x[1] + x[3]) + lean + reach - resist(x[1], 0.02, 0.03, 0.05)
    let b = u[1] - k * s * x[1] * x[1] + reach - resist(x[3], 0.01, 0.02, 0.05)
    let (m11, m12) = (whole + 2 * k * c, outer + k * c)
    let determinant = m11 * outer - m12 * m12
    return [
      x[1], (outer * a - m12 * b) / determinant, x[3], (m11 * b - m12 * a) / determinant,
    ]
  }

  private func tanks(_ x: [Double], _ voltage: Double) -> [Double] {
    func drain(_ h: Double, _ outflow: Double, _ loss: Double) -> Double {
      outflow * h / pow(h * h + 0.0025, 0.25) + loss * h
    }
    func overflow(_ h: Double, _ height: Double) -> Double {
      0.25 * (h - height + ((h - height) * (h - height) + 0.0025).squareRoot())
    }
    let upper = drain(x[0], 0.3, 0.02)
    let over = overflow(x[0], 1.5)
    return [
      0.4 * voltage + 0.01 - upper - over,
      1.2 * upper - drain(x[1], 0.25, 0.03) + 0.6 * over - overflow(x[1], 1.2),
    ]
  }

  private func cartPole(_ x: [Double], _ force: Double) -> [Double] {
    let (cart, m, l) = (0.7, 0.3, 0.25)
    let (s, c) = (sin(x[2]), cos(x[2]))
    let a = force + m * l * x[3] * x[3] * s - resist(x[1], 0.1, 0.2, 0.01)
    let b = m * Self.g * l * s - resist(x[3], 0.0008, 0.0009, 0.05)
    let (m11, m12, m22) = (cart + m, m * l * c, 4.0 / 3 * m * l * l)
    let determinant = m11 * m22 - m12 * m12
    return [
      x[1], (m22 * a - m12 * b) / determinant, x[3], (m11 * b - m12 * a) / determinant,
    ]
  }

  private func furuta(_ x: [Double], _ torque: Double) -> [Double] {
    let (arm, reach, m, length) = (1e-3, 0.15, 0.05, 0.2)
    let (s, c) = (sin(x[2]), cos(x[2]))
    let l = length / 2
    let inertia = m * length * length / 3
    let m11 = arm + m * reach * reach + inertia * s * s
    let m12 = m * l * reach * c
    let a =
      torque + m * l * reach * s * x[3] * x[3] - 2 * inertia * s * c * x[1] * x[3]
      - resist(x[1], 1e-4, 1e-3, 0.05)
    let b = m * Self.g * l * s + inertia * s * c * x[1] * x[1] - resist(x[3], 1e-5, 1e-5, 0.05)
    let determinant = m11 * inertia - m12 * m12
    return [
      x[1], (inertia * a - m12 * b) / determinant, x[3], (m11 * b - m12 * a) / determinant,
    ]
  }

  /// Packs the same plant for the model.
  func pack(_ block: UnsafeMutablePointer<Float>, noiseVariance: [Float]? = nil) {
    let layout = PhysicsLayout(name)
    func friction(_ viscous: Float, _ coulomb: Float, _ transition: Float) -> Friction {
      let f = Float(self.friction)
      return Friction(viscous: f * viscous, coulomb: f * coulomb, transition: transition)
    }
    switch name {
    case .pendulum:
      layout.pack(
        PendulumEquation(mass: 1.05, length: 0.49, friction: friction(0.02, 0.015, 0.05)),
        noiseVariance: noiseVariance, into: block)
    case .motor:
      layout.pack(
        MotorEquation(
          inertia: 2e-3, torqueConstant: 0.05, resistance: 1.5,
          friction: StribeckFriction(
            viscous: Float(self.friction) * 1e-4, coulomb: Float(self.friction) * 2e-3,
            stribeck: Float(self.friction) * 1e-3, stribeckVelocity: 0.8)),
        noiseVariance: noiseVariance, into: block)
    case .cartPole:
      layout.pack(
        CartPoleEquation(
          cartMass: 0.7, poleMass: 0.3, poleLength: 0.5, cartFriction: friction(0.1, 0.2, 0.01),
          pivotFriction: friction(0.0008, 0.0009, 0.05)), noiseVariance: noiseVariance,
        into: block)
    case .furutaPendulum:
      layout.pack(
        FurutaEquation(
          armInertia: 1e-3, armLength: 0.15, poleMass: 0.05, poleLength: 0.2,
          armFriction: friction(1e-4, 1e-3, 0.05), pivotFriction: friction(1e-5, 1e-5, 0.05)),
        noiseVariance: noiseVariance, into: block)
    case .twoLinkArm:
      layout.pack(
        TwoLinkArmEquation(
          innerMass: 0.8, innerLength: 0.4, outerMass: 0.5, outerLength: 0.3,
          shoulder: friction(0.02, 0.03, 0.05), elbow: friction(0.01, 0.02, 0.05)),
        noiseVariance: noiseVariance, into: block)
    case .twoTanks:
      layout.pack(
        TwoTankEquation(
          gain: 0.4, offset: 0.01, upperOutflow: 0.3, upperLoss: 0.02, lowerOutflow: 0.25,
          lowerLoss: 0.03, upperHeight: 1.5, lowerHeight: 1.2, spill: 0.6, ratio: 1.2),
        noiseVariance: noiseVariance, into: block)
    }
  }

  /// The state after one tick, from the state and then the action.
  func next(_ point: [Double]) -> [Double] {
    var x = Array(point[..<name.stateCount])
    let u = Array(point[name.stateCount...])
    let h = tick / Double(substeps)
    func moved(_ x: [Double], _ k: [Double], _ h: Double) -> [Double] {
      zip(x, k).map { $0 + h * $1 }
    }
    for _ in 0..<substeps {
      let k1 = rate(x, u)
      let k2 = rate(moved(x, k1, h / 2), u)
      let k3 = rate(moved(x, k2, h / 2), u)
      let k4 = rate(moved(x, k3, h), u)
      x = x.indices.map { x[$0] + h / 6 * (k1[$0] + 2 * k2[$0] + 2 * k3[$0] + k4[$0]) }
    }
    return x
  }

  func fixture(noiseVariance: [Float]? = nil) -> ModelFixture {
    let structure = PlantStructure(
      stateCount: name.stateCount, actionCount: name.actionCount, tick: Float(tick))
    let configuration = PhysicsConfiguration(equation: name, substeps: substeps)
    return ModelFixture(.physics(configuration), structure) {
      pack($0, noiseVariance: noiseVariance)
    }
  }
}
