import ReplanNumerics

/// Minimises ½ xᵀ Q x + qᵀ x subject to low <= x <= high, for the few actions of one tick.
///
/// Projected Newton: coordinates that sit on a bound and want to leave the box are held, the rest
/// take a Newton step that is projected back and shortened until it improves.
///
/// - Source: Tassa, Mansard and Todorov 2014, Control-limited differential dynamic programming,
///   section II-C, doi 10.1109/ICRA.2014.6907001; Bertsekas 1982.
struct BoxQuadratic {
  let n: Int
  /// The solution [n].
  let x: UnsafeMutablePointer<Float>
  /// 1 for a coordinate that is free at the solution, 0 for one held at a bound [n].
  let free: UnsafeMutablePointer<Float>
  /// Factor of the free block of Q, in the first `freeCount` rows and columns [n × n].
  let factor: UnsafeMutablePointer<Float>
  private let gradient: UnsafeMutablePointer<Float>
  private let step: UnsafeMutablePointer<Float>
  private let trial: UnsafeMutablePointer<Float>

  init(count: Int, arena: inout Arena) {
    n = count
    x = arena.floats(count)
    free = arena.floats(count)
    factor = arena.floats(count * count)
    gradient = arena.floats(count)
    step = arena.floats(count)
    trial = arena.floats(count)
  }

  /// - Returns: false if the free block is not positive definite.
  func solve(
    _ q: UnsafePointer<Float>, _ linear: UnsafePointer<Float>, low: UnsafePointer<Float>,
    high: UnsafePointer<Float>
  ) -> Bool {
    for i in 0..<n { x[i] = limited(0, low[i], high[i]) }
    for _ in 0..<(8 + 4 * n) {
      var largest: Float = 0
      for i in 0..<n {
        var g = linear[i]
        for j in 0..<n { g += q[i * n + j] * x[j] }
        gradient[i] = g
        let held = (x[i] <= low[i] && g > 0) || (x[i] >= high[i] && g < 0)
        free[i] = held ? 0 : 1
        if !held { largest = max(largest, abs(g)) }
      }
      guard factorFree(q) else { return false }
      if largest < 1e-6 { return true }
      newtonStep()
      if !advance(q, linear, low, high) { return true }
    }
    return true
  }

  /// Solves the free block for one right-hand side [n], in place; held coordinates become 0.
  func solveFree(_ b: UnsafeMutablePointer<Float>, stride: Int) {
    var count = 0
    for i in 0..<n where free[i] != 0 {
      step[count] = b[i * stride]
      count += 1
    }
    Cholesky.solve(factor, count, stride: n, step, step: 1)
    var k = 0
    for i in 0..<n {
      b[i * stride] = free[i] != 0 ? step[k] : 0
      if free[i] != 0 { k += 1 }
    }
  }

  private func factorFree(_ q: UnsafePointer<Float>) -> Bool {
    var row = 0
    for i in 0..<n where free[i] != 0 {
      var column = 0
      for j in 0..<n where free[j] != 0 {
        factor[row * n + column] = q[i * n + j]
        column += 1
      }
      row += 1
    }
    return Cholesky.factor(factor, row, stride: n)
  }

  private func newtonStep() {
    for i in 0..<n { trial[i] = -gradient[i] }
    solveFree(trial, stride: 1)
    for i in 0..<n { step[i] = trial[i] }
  }

  /// Takes the largest of 1, ½, ¼, … of the projected step that improves; false if none does.
  private func advance(
    _ q: UnsafePointer<Float>, _ linear: UnsafePointer<Float>, _ low: UnsafePointer<Float>,
    _ high: UnsafePointer<Float>
  ) -> Bool {
    let before = value(q, linear, x)
    var size: Float = 1
    for _ in 0..<24 {
      for i in 0..<n { trial[i] = limited(x[i] + size * step[i], low[i], high[i]) }
      if value(q, linear, trial) < before {
        for i in 0..<n { x[i] = trial[i] }
        return true
      }
      size *= 0.5
    }
    return false
  }

  private func value(
    _ q: UnsafePointer<Float>, _ linear: UnsafePointer<Float>, _ at: UnsafePointer<Float>
  ) -> Float {
    var sum: Float = 0
    for i in 0..<n {
      var row: Float = 0
      for j in 0..<n { row += q[i * n + j] * at[j] }
      sum += at[i] * (0.5 * row + linear[i])
    }
    return sum
  }
}
