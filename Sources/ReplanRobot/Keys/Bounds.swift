/// The numbers that a key allows.
struct Bounds: Sendable, Equatable {
  var low: Double
  var high: Double
  var excludesLow = false
  var excludesHigh = false

  /// Any number of a channel's unit; a magnitude beyond is a slip, and single precision holds it.
  static var any: Bounds { Bounds(low: -1e9, high: 1e9) }

  static func from(_ low: Double, to high: Double) -> Bounds { Bounds(low: low, high: high) }

  static func above(_ low: Double, to high: Double) -> Bounds {
    Bounds(low: low, high: high, excludesLow: true)
  }

  static func from(_ low: Double, below high: Double) -> Bounds {
    Bounds(low: low, high: high, excludesHigh: true)
  }

  func contains(_ value: Double) -> Bool {
    (excludesLow ? value > low : value >= low) && (excludesHigh ? value < high : value <= high)
  }

  var description: String {
    let (low, high) = (Wording.number(low), Wording.number(high))
    if !excludesLow, !excludesHigh { return "\(low)...\(high)" }
    if excludesLow { return "above \(low), \(excludesHigh ? "below" : "at most") \(high)" }
    return "\(low) or more, below \(high)"
  }
}
