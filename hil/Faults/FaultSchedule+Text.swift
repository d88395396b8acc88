extension FaultSchedule {
  /// A fault file that reads back as this schedule.
  public var yaml: String {
    if faults.isEmpty { return "seed: \(seed)\nfaults: []\n" }
    return "seed: \(seed)\nfaults:\n" + faults.map { "  - {\($0.fields)}\n" }.joined()
  }
}

extension Fault: CustomStringConvertible {
  /// As in a fault file.
  public var description: String { "{\(fields)}" }

  fileprivate var fields: String {
    var pairs = ["fault: \(name)"]
    pairs += values.map { "\($0.0): \(FaultWording.number($0.1))" }
    if kind.place == .sensor || channel != nil { pairs.append("channel: \(channel ?? "all")") }
    if kind.place == .line, direction != .both { pairs.append("direction: \(direction.rawValue)") }
    if window.isFromBoot {
      pairs.append("from: boot")
    } else if window.begin > 0 {
      pairs.append("from: \(FaultWording.number(window.begin))")
    }
    if window.end < .infinity { pairs.append("until: \(FaultWording.number(window.end))") }
    if probability < 1 { pairs.append("probability: \(FaultWording.number(probability))") }
    return pairs.joined(separator: ", ")
  }

  private var values: [(String, Double)] {
    switch kind {
    case .delay(let seconds): [("by", seconds)]
    case .garbage(let bytes): [("bytes", Double(bytes))]
    case .sensorJump(let by): [("by", by)]
    case .sensorDrift(let rate): [("rate", rate)]
    case .sensorSaturated(let low, let high): [("low", low), ("high", high)]
    case .actuatorStuck(let value): value.map { [("value", $0)] } ?? []
    case .actuatorWeak(let factor), .clockDrift(let factor): [("factor", factor)]
    default: []
    }
  }
}
