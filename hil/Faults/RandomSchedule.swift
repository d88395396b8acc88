import ReplanNumerics
public import ReplanPlants

extension FaultSchedule {
  /// A schedule of one to four faults for a run of a simulated plant.
  ///
  /// Every fault is over by three quarters of the run, so that recovery can be seen, and no sensor
  /// or actuator is so wrong that only luck could keep the plant inside its limits.
  ///
  /// - Parameter allowsRealTime: whether faults that have no meaning in lockstep are drawn too.
  public static func random(
    seed: UInt64, plant: PlantKind = .cartPole, seconds: Double = 20, allowsRealTime: Bool = false
  ) -> FaultSchedule {
    var draw = RandomFault(seed: seed, channels: FaultChannels(plant), seconds: seconds)
    let forms = FaultForm.all.map(\.name).filter { name in
      allowsRealTime || !Fault(FaultForm.named(name)!.sample).needsRealTime
    }
    let count = 1 + draw.below(4)
    let faults = (0..<count).map { _ in draw.fault(named: forms[draw.below(forms.count)]) }
    return FaultSchedule(seed: seed, faults)
  }
}

/// Draws faults; the numbers are kept to three decimals, so that a file says all of them.
private struct RandomFault {
  private var generator: Philox
  private let channels: FaultChannels
  private let seconds: Double

  init(seed: UInt64, channels: FaultChannels, seconds: Double) {
    let words = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    generator = Philox(seed: words, episode: 0, tick: 0, iteration: 0, candidate: 0)
    self.channels = channels
    self.seconds = seconds
  }

  mutating func below(_ bound: Int) -> Int { Int(generator.next().x) % bound }

  private mutating func number(_ range: ClosedRange<Double>) -> Double {
    let uniform = Double(generator.next().x) / 4_294_967_296
    let value = range.lowerBound + (range.upperBound - range.lowerBound) * uniform
    return (value * 1000).rounded() / 1000
  }

  /// With either sign.
  private mutating func signed(_ range: ClosedRange<Double>) -> Double {
    below(2) == 0 ? number(range) : -number(range)
  }

  mutating func fault(named name: String) -> Fault {
    let kind = kind(FaultForm.named(name)!.sample)
    let begin = number(0.5...max(0.5, seconds / 2))
    let length = number(0.1...min(2, max(0.1, seconds / 4)))
    // Three decimals again, as the sum may have more.
    let end = ((begin + length) * 1000).rounded() / 1000
    var fault = Fault(kind, FaultWindow(begin: begin, end: end))
    switch kind.place {
    case .line:
      fault.direction = FaultDirection.allCases[below(3)]
      if kind != .stall { fault.probability = number(0.02...0.5) }
    case .sensor: fault.channel = channels.sensors[below(channels.sensors.count)].name
    case .actuator, .plant: break
    }
    if kind == .plantReset { fault.window.end = .infinity }
    return fault
  }

  private mutating func kind(_ sample: FaultKind) -> FaultKind {
    switch sample {
    case .delay: .delay(seconds: number(0.005...0.06))
    case .garbage: .garbage(bytes: 1 + below(64))
    case .sensorJump: .sensorJump(by: signed(0.05...1))
    case .sensorDrift: .sensorDrift(rate: signed(0.02...0.5))
    case .sensorSaturated: .sensorSaturated(low: -number(0.1...2), high: number(0.1...2))
    case .actuatorStuck: .actuatorStuck(value: nil)
    case .actuatorWeak: .actuatorWeak(factor: number(0...0.9))
    case .clockDrift: .clockDrift(factor: number(0.98...1.02))
    default: sample
    }
  }
}
