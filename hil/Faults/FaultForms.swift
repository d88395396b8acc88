/// The keys that a kind of fault has beside those that every fault has, and their values.
struct FaultForm {
  /// A number among a fault's keys.
  struct Number {
    var key: String
    var range: ClosedRange<Double>
    var isWhole = false
    var isOptional = false

    /// As a violation words what is allowed.
    var allowed: String {
      let noun = isWhole ? "a whole number" : "a number"
      return "\(noun) from \(FaultWording.number(range.lowerBound))"
        + " to \(FaultWording.number(range.upperBound))"
    }

    func contains(_ value: Double) -> Bool {
      range.contains(value) && (!isWhole || value == value.rounded())
    }
  }

  /// Of the right name, with any values.
  var sample: FaultKind
  var numbers: [Number]
  var make: @Sendable ([String: Double]) -> FaultKind

  var name: String { sample.name }

  private init(
    _ sample: FaultKind, _ numbers: [Number] = [],
    _ make: (@Sendable ([String: Double]) -> FaultKind)? = nil
  ) {
    self.sample = sample
    self.numbers = numbers
    self.make = make ?? { _ in sample }
  }

  /// Readings and commands in any unit.
  private static var anyValue: ClosedRange<Double> { -1e6...1e6 }

  static let all: [FaultForm] = [
    FaultForm(.bitFlip), FaultForm(.loss), FaultForm(.duplicate), FaultForm(.reorder),
    FaultForm(.delay(seconds: 0), [Number(key: "by", range: 0...60)]) {
      .delay(seconds: $0["by"]!)
    },
    FaultForm(.truncate),
    FaultForm(.garbage(bytes: 0), [Number(key: "bytes", range: 1...256, isWhole: true)]) {
      .garbage(bytes: Int($0["bytes"]!))
    },
    FaultForm(.stall), FaultForm(.sensorFrozen), FaultForm(.sensorNaN),
    FaultForm(.sensorJump(by: 0), [Number(key: "by", range: anyValue)]) {
      .sensorJump(by: $0["by"]!)
    },
    FaultForm(.sensorDrift(rate: 0), [Number(key: "rate", range: anyValue)]) {
      .sensorDrift(rate: $0["rate"]!)
    },
    FaultForm(
      .sensorSaturated(low: 0, high: 0),
      [Number(key: "low", range: anyValue), Number(key: "high", range: anyValue)]
    ) {
      .sensorSaturated(low: $0["low"]!, high: $0["high"]!)
    },
    FaultForm(
      .actuatorStuck(value: nil), [Number(key: "value", range: anyValue, isOptional: true)]
    ) {
      .actuatorStuck(value: $0["value"])
    },
    FaultForm(.actuatorWeak(factor: 0), [Number(key: "factor", range: 0...1)]) {
      .actuatorWeak(factor: $0["factor"]!)
    },
    FaultForm(.plantReset), FaultForm(.brownOut), FaultForm(.cableOut),
    FaultForm(.clockDrift(factor: 1), [Number(key: "factor", range: 0.5...2)]) {
      .clockDrift(factor: $0["factor"]!)
    },
    FaultForm(.clockBackwards),
  ]

  static func named(_ name: String) -> FaultForm? { all.first { $0.name == name } }

  /// Every key that the fault may have, the likeliest to be missed first.
  var keys: [String] {
    var keys = ["fault"] + numbers.map(\.key)
    switch sample.place {
    case .line: keys.append("direction")
    case .sensor, .actuator: keys.append("channel")
    case .plant: break
    }
    return keys + ["at", "for", "from", "until", "probability"]
  }
}
