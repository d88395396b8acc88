import ReplanNumerics

/// One tick of a backward pass: expands the action's value, minimises it in the box, and carries
/// the value one tick back.
///
/// With several members each has a value of its own, and they share the action: its gradient and
/// curvature are the members' means. Stacking the members' states would be exact in the feedback as
/// well, at (M · n)³ instead of M · n³. Here the gradient is exact, as the force that the feedback
/// acts with is that of the mean; the curvature leaves out how the members' deviations meet.
///
/// - Shapes: n states, A actions, M members; matrices row-major. Actions are scaled by half their
///   range.
struct QuadraticStep {
  let n: Int
  let actionCount: Int
  let members: Int
  // Each member's value, gradient [n] and curvature [n × n], and its action value.
  private let vx: UnsafeMutablePointer<Float>
  private let vxx: UnsafeMutablePointer<Float>
  let qx: UnsafeMutablePointer<Float>  // [n]
  let qxx: UnsafeMutablePointer<Float>  // [n × n]
  let qu: UnsafeMutablePointer<Float>  // [A]
  let quu: UnsafeMutablePointer<Float>  // regularised, [A × A]
  let qux: UnsafeMutablePointer<Float>  // [A × n]
  /// The member's dynamics at the tick: fx [n × n] and fu [n × A].
  let fx: UnsafeMutablePointer<Float>
  let fu: UnsafeMutablePointer<Float>
  private let product: UnsafeMutablePointer<Float>
  // Means over members: gradient [A], curvature [A × A], coupling [A × n].
  let force: UnsafeMutablePointer<Float>
  let curvature: UnsafeMutablePointer<Float>
  private let coupling: UnsafeMutablePointer<Float>
  /// How far each scaled action may move [A].
  let low: UnsafeMutablePointer<Float>
  let high: UnsafeMutablePointer<Float>
  private let box: BoxQuadratic

  init(n: Int, actionCount: Int, members: Int, arena: inout Arena) {
    self.n = n
    self.actionCount = actionCount
    self.members = members
    vx = arena.floats(members * n)
    vxx = arena.floats(members * n * n)
    qx = arena.floats(members * n)
    qxx = arena.floats(members * n * n)
    qu = arena.floats(members * actionCount)
    quu = arena.floats(members * actionCount * actionCount)
    qux = arena.floats(members * actionCount * n)
    fx = arena.floats(n * n)
    fu = arena.floats(n * actionCount)
    product = arena.floats(n * max(n, actionCount))
    force = arena.floats(actionCount)
    curvature = arena.floats(actionCount * actionCount)
    coupling = arena.floats(actionCount * n)
    low = arena.floats(actionCount)
    high = arena.floats(actionCount)
    box = BoxQuadratic(count: actionCount, arena: &arena)
  }

  /// The members' values become 0.
  func clear() {
    for i in 0..<(members * n) { vx[i] = 0 }
    for i in 0..<(members * n * n) { vxx[i] = 0 }
  }

  @inline(always) func gradient(_ member: Int) -> UnsafeMutablePointer<Float> { vx + member * n }

  @inline(always) func hessian(_ member: Int) -> UnsafeMutablePointer<Float> {
    vxx + member * n * n
  }

  /// Expands a member's value of the next tick in this tick's state and action, through fx and fu.
  func expand(_ member: Int, regularisation: Float) {
    let m = actionCount
    let vx = gradient(member)
    let vxx = hessian(member)
    let qx = qx + member * n
    let qxx = qxx + member * n * n
    let qu = qu + member * m
    let quu = quu + member * m * m
    let qux = qux + member * m * n
    multiply(vxx, fx, columns: n)
    for i in 0..<n {
      var slope: Float = 0
      for k in 0..<n { slope += fx[k * n + i] * vx[k] }
      qx[i] = slope
      for j in 0..<n {
        var sum: Float = 0
        for k in 0..<n { sum += fx[k * n + i] * product[k * n + j] }
        qxx[i * n + j] = sum
      }
    }
    for a in 0..<m {
      var slope: Float = 0
      for k in 0..<n { slope += fu[k * m + a] * vx[k] }
      qu[a] = slope
      for j in 0..<n {
        var sum: Float = 0
        for k in 0..<n { sum += fu[k * m + a] * product[k * n + j] }
        qux[a * n + j] = sum
      }
    }
    multiply(vxx, fu, columns: m)
    for a in 0..<m {
      for c in 0..<m {
        var sum: Float = 0
        for k in 0..<n { sum += fu[k * m + a] * product[k * m + c] }
        quu[a * m + c] = sum + (a == c ? regularisation : 0)
      }
    }
  }

  /// `product` = Vxx f.
  @inline(always)
  private func multiply(
    _ vxx: UnsafePointer<Float>, _ f: UnsafePointer<Float>, columns: Int
  ) {
    for i in 0..<n {
      for j in 0..<columns {
        var sum: Float = 0
        for k in 0..<n { sum += vxx[i * n + k] * f[k * columns + j] }
        product[i * columns + j] = sum
      }
    }
  }

  /// Adds a term over an action: its value or, with the last action in the state, its change.
  ///
  /// - Parameters:
  ///   - action: the action itself, and the one before it.
  ///   - half: half its range.
  func add(_ term: Term, _ member: Int, action: Float, before: Float, half: Float) {
    let m = actionCount
    let a = term.channel
    let w = 2 * term.weight / (term.scale * term.scale)
    quu[member * m * m + a * (m + 1)] += w * half * half
    if term.kind == .action {
      qu[member * m + a] += w * half * (action - term.target)
    } else {
      let z = n - m + a
      qu[member * m + a] += w * half * (action - before)
      qx[member * n + z] -= w * (action - before)
      qxx[member * n * n + z * (n + 1)] += w
      qux[member * m * n + a * n + z] -= w * half
    }
  }

  /// The box's solution k [A], and K = -Quu⁻¹ Qux on free actions and 0 on held ones [A × n].
  ///
  /// - Returns: false if the curvature in the actions is not positive definite.
  func solve(_ k: UnsafeMutablePointer<Float>, _ gains: UnsafeMutablePointer<Float>) -> Bool {
    let m = actionCount
    average(qu, into: force, count: m)
    average(quu, into: curvature, count: m * m)
    average(qux, into: coupling, count: m * n)
    guard box.solve(curvature, force, low: low, high: high) else { return false }
    for a in 0..<m {
      k[a] = box.x[a]
      for j in 0..<n { gains[a * n + j] = -coupling[a * n + j] }
    }
    for j in 0..<n { box.solveFree(gains + j, stride: n) }
    return true
  }

  @inline(always)
  private func average(
    _ values: UnsafePointer<Float>, into mean: UnsafeMutablePointer<Float>, count: Int
  ) {
    let weight = 1 / Float(members)
    for i in 0..<count {
      var sum = values[i]
      for member in 1..<max(members, 1) { sum += values[member * count + i] }
      mean[i] = members == 1 ? sum : sum * weight
    }
  }

  /// A member's value of this tick under the gains.
  func update(_ member: Int, _ k: UnsafePointer<Float>, _ gains: UnsafePointer<Float>) {
    let m = actionCount
    let vx = gradient(member)
    let vxx = hessian(member)
    let quu = quu + member * m * m
    let qux = qux + member * m * n
    for i in 0..<n {
      var slope = qx[member * n + i]
      for a in 0..<m {
        var remaining = force[a]
        for c in 0..<m { remaining += curvature[a * m + c] * k[c] }
        slope += gains[a * n + i] * remaining + qux[a * n + i] * k[a]
      }
      vx[i] = slope
    }
    for i in 0..<n {
      for j in 0..<n {
        var sum = qxx[member * n * n + i * n + j]
        for a in 0..<m {
          var row = qux[a * n + j]
          for c in 0..<m { row += quu[a * m + c] * gains[c * n + j] }
          sum += gains[a * n + i] * row + qux[a * n + i] * gains[a * n + j]
        }
        vxx[i * n + j] = sum
      }
    }
    for i in 0..<n {
      for j in 0..<i {
        let mean = 0.5 * (vxx[i * n + j] + vxx[j * n + i])
        vxx[i * n + j] = mean
        vxx[j * n + i] = mean
      }
    }
  }

  /// First and second order of the expected change of the cost for the step k: kᵀ q, ½ kᵀ Q k.
  func expectedChange(
    _ k: UnsafePointer<Float>, regularisation: Float
  ) -> (linear: Float, quadratic: Float) {
    var linear: Float = 0
    var quadratic: Float = 0
    for a in 0..<actionCount {
      linear += k[a] * force[a]
      for c in 0..<actionCount { quadratic += k[a] * curvature[a * actionCount + c] * k[c] }
      quadratic -= regularisation * k[a] * k[a]
    }
    return (linear, 0.5 * quadratic)
  }
}
