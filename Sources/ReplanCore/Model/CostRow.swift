import ReplanNumerics

/// How a predicted cost varies around a point, as `linearize` writes it: ∂c/∂s [S], ∂c/∂a [A], the
/// cost c, and the factor κ of its curvature κ g gᵀ, where g is the gradient; one vector each.
///
/// The curvature is Gauss-Newton's on r = √c. As c is r², and ∇r is g / 2r, leaving out the
/// curvature of r leaves 2 ∇r ∇rᵀ = g gᵀ / 2c. It is never negative, unlike a network's second
/// derivatives, costs no more than the gradient, and is exact along the gradient where the cost
/// grows with the square of a distance. It is of rank one: directions in which the cost does not
/// change at this point have no curvature, so that at the very minimum of the cost there is none.
///
/// A cost of 0 or less has no root, and κ is 0: the gradient alone counts there. A cost above 0 but
/// below a thousandth of the usual deviation of costs counts as that much, because g gᵀ / 2c then
/// tells of the network's error and not of the cost's shape.
public enum CostRow {
  /// The least cost that κ divides by, in deviations of the measured costs.
  static var resolution: Float { 1e-3 }

  /// Vectors of a row.
  public static func count(_ structure: PlantStructure) -> Int {
    structure.stateCount + structure.actionCount + 2
  }

  /// κ of a cost whose usual deviation is `scale`.
  @inline(always)
  static func curvature(_ cost: Lanes, scale: Float) -> Lanes {
    let divisor = cost.greater(Lanes(repeating: resolution * scale))
    return Lanes(repeating: 0).replacing(
      with: Lanes(repeating: 0.5) / divisor, where: cost .> Lanes(repeating: 0))
  }
}
