import Foundation
import ReplanNumerics
import Testing

@testable import ReplanCore

/// A mass on a hardening spring with quadratic drag, as a user of the package would write it.
private struct HardSpring: DifferentialEquation {
  static var stateCount: Int { 2 }
  static var actionCount: Int { 1 }
  static var parameterCount: Int { 3 }
  let stiffness: Float
  let hardening: Float
  let drag: Float

  init(parameters: UnsafePointer<Float>) {
    stiffness = parameters[0]
    hardening = parameters[1]
    drag = parameters[2]
  }

  func store(into parameters: UnsafeMutablePointer<Float>) {
    parameters[0] = stiffness
    parameters[1] = hardening
    parameters[2] = drag
  }

  @inline(always)
  func rate(
    at x: UnsafePointer<Lanes>, under u: UnsafePointer<Lanes>,
    into rate: UnsafeMutablePointer<Lanes>
  ) {
    let spring = x[0] * Lanes(repeating: stiffness).adding(hardening, times: x[0] * x[0])
    rate[0] = x[1]
    rate[1] = u[0] - spring - Lanes(repeating: drag) * x[1] * x[1]
  }

  @inline(always)
  func linearize(
    at x: UnsafePointer<Lanes>, under u: UnsafePointer<Lanes>,
    into rate: UnsafeMutablePointer<Lanes>, jacobian: UnsafeMutablePointer<Lanes>
  ) {
    self.rate(at: x, under: u, into: rate)
    jacobian[0] = .zero
    jacobian[1] = Lanes(repeating: 1)
    jacobian[2] = .zero
    jacobian[3] = -Lanes(repeating: stiffness).adding(3 * hardening, times: x[0] * x[0])
    jacobian[4] = Lanes(repeating: -2 * drag) * x[1]
    jacobian[5] = Lanes(repeating: 1)
  }
}

/// The concrete wrapper: its entry points instantiate the generics, so they may promise that
/// nothing is allocated; this file would not compile otherwise.
private struct SpringModel {
  let integrator: RungeKutta
  let parameters: UnsafePointer<Float>

  @_noAllocation @_noLocks
  func predict(
    _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    into next: UnsafeMutablePointer<Lanes>
  ) {
    integrator.predict(
      HardSpring(parameters: parameters), state, action, vectors: vectors, into: next)
  }

  @_noAllocation @_noLocks
  func linearize(
    _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>,
    into result: UnsafeMutablePointer<Lanes>
  ) {
    integrator.linearize(HardSpring(parameters: parameters), state, action, into: result)
  }
}

@Suite struct UserEquationTests {
  private static let constants = [40.0, 15.0, 0.5]

  private static func next(_ point: [Double]) -> [Double] {
    func rate(_ x: [Double]) -> [Double] {
      let c = constants
      return [x[1], point[2] - c[0] * x[0] - c[1] * x[0] * x[0] * x[0] - c[2] * x[1] * x[1]]
    }
    var x = Array(point[..<2])
    let h = 0.01
    func moved(_ k: [Double], _ h: Double) -> [Double] { zip(x, k).map { $0 + h * $1 } }
    for _ in 0..<2 {
      let k1 = rate(x)
      let k2 = rate(moved(k1, h / 2))
      let k3 = rate(moved(k2, h / 2))
      let k4 = rate(moved(k3, h))
      x = x.indices.map { x[$0] + h / 6 * (k1[$0] + 2 * k2[$0] + 2 * k3[$0] + k4[$0]) }
    }
    return x
  }

  @Test func aUsersEquationPredictsAndLinearizes() {
    var measure = Arena.measuring()
    _ = RungeKutta(stateCount: 2, actionCount: 1, substeps: 2, tick: 0.02, arena: &measure)
    let block = Block(bytes: measure.used)
    var arena = Arena(base: block.pointer, capacity: block.bytes)
    let constants = Block(bytes: 12)
    for i in 0..<3 { constants.floats[i] = Float(Self.constants[i]) }
    let model = SpringModel(
      integrator: RungeKutta(
        stateCount: 2, actionCount: 1, substeps: 2, tick: 0.02, arena: &arena),
      parameters: constants.floats)
    var random = TestRandom(3)
    let values = (0..<3).map { _ in
      var x = Lanes(repeating: 0)
      for i in 0..<16 { x[i] = random.uniform(-1, 1) }
      return x
    }
    let (state, action) = (Array(values[..<2]), [values[2]])
    var next = [Lanes](repeating: .zero, count: 2)
    var jacobian = [Lanes](repeating: .zero, count: 6)
    model.predict(state, action, vectors: 1, into: &next)
    model.linearize(state, action, into: &jacobian)
    for lane in 0..<16 {
      let x = point(state, action, lane: lane)
      let expected = Self.next(x)
      for i in 0..<2 { #expect(abs(Double(next[i][lane]) - expected[i]) < 2e-6) }
      let slopes = centralDifferences(at: x, Self.next)
      #expect(largestError(jacobian, lane: lane, slopes) < 2e-6)
    }
  }
}
