import Foundation

/// The equations of motion of point masses on moving links, from nothing but where the links are:
/// Lagrange's equations with every derivative taken numerically, in double precision.
///
/// A uniform rod is two points: at 1/2 ± 1/(2 sqrt 3) of its length, half its mass each, they have its
/// mass, centre and inertia.
struct LagrangeReference {
  typealias Point = (mass: Double, place: SIMD3<Double>)

  /// The points for generalised coordinates; z is up.
  var points: ([Double]) -> [Point]
  /// Inertia of the first coordinate that no point carries, kg·m².
  var hub = 0.0
  var gravity = 0.0

  private static let h = 1e-4

  private func moved(_ q: [Double], _ i: Int, _ by: Double) -> [Double] {
    var q = q
    q[i] += by
    return q
  }

  func masses(_ q: [Double]) -> [[Double]] {
    let points = points(q)
    let columns = q.indices.map { i in
      zip(self.points(moved(q, i, Self.h)), self.points(moved(q, i, -Self.h))).map {
        ($0.place - $1.place) / (2 * Self.h)
      }
    }
    return q.indices.map { i in
      q.indices.map { j in
        points.indices.reduce(i == 0 && j == 0 ? hub : 0) {
          $0 + points[$1].mass * (columns[i][$1] * columns[j][$1]).sum()
        }
      }
    }
  }

  func potential(_ q: [Double]) -> Double {
    points(q).reduce(0) { $0 + $1.mass * gravity * $1.place.z }
  }

  func energy(_ q: [Double], _ rate: [Double]) -> Double {
    let m = masses(q)
    var sum = potential(q)
    for i in q.indices { for j in q.indices { sum += 0.5 * m[i][j] * rate[i] * rate[j] } }
    return sum
  }

  /// The accelerations of two coordinates under generalised forces: M q̈ = Q − Ṁ q̇ + ∂(T − V)/∂q.
  func accelerations(_ q: [Double], _ rate: [Double], _ forces: [Double]) -> (Double, Double) {
    let slopes = q.indices.map { k in
      zip(masses(moved(q, k, Self.h)), masses(moved(q, k, -Self.h))).map {
        zip($0, $1).map { ($0 - $1) / (2 * Self.h) }
      }
    }
    var right = forces
    for i in q.indices {
      right[i] -=
        (potential(moved(q, i, Self.h)) - potential(moved(q, i, -Self.h))) / (2 * Self.h)
      for j in q.indices {
        for k in q.indices {
          right[i] += (0.5 * slopes[i][j][k] - slopes[k][i][j]) * rate[j] * rate[k]
        }
      }
    }
    let m = masses(q)
    let determinant = m[0][0] * m[1][1] - m[0][1] * m[1][0]
    return (
      (m[1][1] * right[0] - m[0][1] * right[1]) / determinant,
      (m[0][0] * right[1] - m[1][0] * right[0]) / determinant
    )
  }

  /// A uniform rod from one end to the other.
  static func rod(
    _ mass: Double, from start: SIMD3<Double>, to end: SIMD3<Double>
  ) -> [Point] {
    let shares = [0.5 - 0.5 / 3.0.squareRoot(), 0.5 + 0.5 / 3.0.squareRoot()]
    return shares.map { (0.5 * mass, start + (end - start) * $0) }
  }
}
