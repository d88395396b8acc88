/// The part of the line onto which a recording wraps an angle.
enum AngleRange: Equatable {
  /// -pi to pi.
  case aroundZero
  /// 0 to 2 pi.
  case fromZero
  /// Turns are counted.
  case unbounded

  /// - Parameter recorded: all values of the channel; those that are not numbers do not count.
  init(of recorded: [Double]) {
    let finite = recorded.filter(\.isFinite)
    let (least, greatest) = (finite.min() ?? 0, finite.max() ?? 0)
    // A log rounds its last digits.
    if least >= -.pi - 1e-3, greatest <= .pi + 1e-3 {
      self = .aroundZero
    } else if least >= -1e-3, greatest <= 2 * .pi + 1e-3 {
      self = .fromZero
    } else {
      self = .unbounded
    }
  }

  func wrapped(_ angle: Double) -> Double {
    switch self {
    case .aroundZero: return angle.remainder(dividingBy: 2 * .pi)
    case .fromZero:
      let rest = angle.remainder(dividingBy: 2 * .pi)
      return rest < 0 ? rest + 2 * .pi : rest
    case .unbounded: return angle
    }
  }

  /// Angles without the jumps from one end of the circle to the other.
  static func unwrapped(_ angles: [Double]) -> [Double] {
    var result = angles
    for i in angles.indices.dropFirst() {
      result[i] = result[i - 1] + (angles[i] - angles[i - 1]).remainder(dividingBy: 2 * .pi)
    }
    return result
  }
}
