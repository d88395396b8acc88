import Foundation
import ReplanNumerics

/// The mean of angles: the direction of the sum of their unit vectors.
enum CircularMean {
  static func of(_ angles: [Float]) -> Float {
    var (x, y) = (0.0, 0.0)
    for angle in angles {
      x += Double(cosine(angle))
      y += Double(sine(angle))
    }
    return Float(atan2(y, x))
  }
}
