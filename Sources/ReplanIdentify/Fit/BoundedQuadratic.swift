/// A positive quadratic (z - center)ᵀ H (z - center), to be minimised between bounds.
///
/// - Source: Nocedal, Wright 2006, Numerical optimization, section 16.5, active sets.
struct BoundedQuadratic {
  let center: [Double]
  let curvature: Matrix
  let low: [Double]
  let high: [Double]

  /// The least value, and where.
  ///
  /// - Parameters:
  ///   - value: of one variable, which is kept; inside its bounds.
  ///   - index: of that one.
  func minimum(
    with value: Double? = nil, at index: Int = 0
  ) -> (point: [Double], value: Double) {
    var point = zip(center, zip(low, high)).map { min(max($0, $1.0), $1.1) }
    if let value { point[index] = value }
    var held = Set(point.indices.filter { point[$0] <= low[$0] || point[$0] >= high[$0] })
    if value != nil { held.insert(index) }
    // Each round holds or frees a variable; more than that are for cycles by rounding.
    for _ in 0..<(10 * center.count) {
      let target = best(from: point, held: held)
      let step = target.indices.map { target[$0] - point[$0] }
      let (share, first) = way(from: point, step)
      point = point.indices.map { point[$0] + share * step[$0] }
      if let first {
        point[first] = step[first] < 0 ? low[first] : high[first]
        held.insert(first)
        continue
      }
      let slope = gradient(point)
      let free = held.filter { i in
        guard value == nil || i != index else { return false }
        return (point[i] <= low[i] && slope[i] < -1e-12)
          || (point[i] >= high[i] && slope[i] > 1e-12)
      }
      guard let next = free.max(by: { abs(slope[$0]) < abs(slope[$1]) }) else { break }
      held.remove(next)
    }
    let slope = gradient(point)
    return (point, zip(point, zip(center, slope)).reduce(0) { $0 + ($1.0 - $1.1.0) * $1.1.1 / 2 })
  }

  private func gradient(_ point: [Double]) -> [Double] {
    point.indices.map { i in
      point.indices.reduce(0) { $0 + 2 * curvature[i, $1] * (point[$1] - center[$1]) }
    }
  }

  /// The minimum over the variables that are not held.
  private func best(from point: [Double], held: Set<Int>) -> [Double] {
    let free = point.indices.filter { !held.contains($0) }
    guard !free.isEmpty else { return point }
    var matrix = Matrix(rows: free.count, columns: free.count)
    var right = Matrix(rows: free.count, columns: 1)
    let slope = gradient(point)
    for (a, i) in free.enumerated() {
      right[a, 0] = -slope[i] / 2
      for (b, j) in free.enumerated() { matrix[a, b] = curvature[i, j] }
    }
    guard let change = DenseAlgebra.solved(matrix, right) else { return point }
    var result = point
    for (a, i) in free.enumerated() { result[i] += change[a, 0] }
    return result
  }

  /// How much of a step is possible, and which variable then meets its bound; nil for the whole step.
  private func way(from point: [Double], _ step: [Double]) -> (share: Double, first: Int?) {
    var (share, first): (Double, Int?) = (1, nil)
    for i in point.indices where step[i] != 0 {
      let room = ((step[i] < 0 ? low[i] : high[i]) - point[i]) / step[i]
      if room < share { (share, first) = (max(room, 0), i) }
    }
    return (share, first)
  }
}
