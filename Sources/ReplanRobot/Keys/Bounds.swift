/// The numbers that a key allows.
package struct Bounds: Sendable, Equatable {
  package var low: Double
  package var high: Double
  package var excludesLow = false
  package var excludesHigh = false

  /// Any number of a channel's unit; a magnitude beyond is a slip, and single precision holds it.
  package static var any: Bounds { Bounds(low: -1e9, high: 1e9) }

  package static func from(_ low: Double, to high: Double) -> Bounds {
    Bounds(low: low, high: high)
  }

  package static func above(_ low: Double, to high: Double) -> Bounds {
    Bounds(low: low, high: high, excludesLow: true)
  }

  package static func from(_ low: Double, below high: Double) -> Bounds {
    Bounds(low: low, high: high, excludesHigh: true)
  }

  package func contains(_ value: Double) -> Bool {
    (excludesLow ? value > low : value >= low) && (excludesHigh ? value < high : value <= high)
  }

  package var description: String {
    let (low, high) = (Wording.number(low), Wording.number(high))
    if !excludesLow, !excludesHigh { return "\(low)...\(high)" }
    if excludesLow { return "above \(low), \(excludesHigh ? "below" : "at most") \(high)" }
    return "\(low) or more, below \(high)"
  }
}
