public import ReplanPlants

/// What the faults of a schedule do to a simulated plant: sensors, actuators and clock.
public struct PlantFaults {
  private struct Entry {
    let timing: FaultTiming
    let kind: FaultKind
    /// `nil`: all.
    let channel: Int?
    /// What a stuck actuator does, and since which begin and reset.
    var held: (values: PlantAction, begin: Double, reset: UInt32)?
    /// As of the last disturbance.
    var isActive = false
  }

  /// What was measured and done at a sample, beside what would have been.
  public struct Effect: Sendable {
    public var measured: PlantState
    public var good: PlantState
    public var applied: PlantAction
    public var wanted: PlantAction
    /// Seconds of the plant's clock in one of real time.
    public var clockRate: Double

    public init(
      measured: PlantState, good: PlantState, applied: PlantAction, wanted: PlantAction,
      clockRate: Double
    ) {
      self.measured = measured
      self.good = good
      self.applied = applied
      self.wanted = wanted
      self.clockRate = clockRate
    }
  }

  private var entries: ContiguousArray<Entry>
  private var sensors: SensorFaults
  private var counts: ContiguousArray<Int>
  private let sensorCount: Int
  private let actuatorCount: Int

  /// - Throws: names of channels that the plant has not.
  public init(_ schedule: FaultSchedule, _ plant: PlantKind) throws(FaultError) {
    sensors = try SensorFaults(schedule, FaultChannels(plant))
    counts = ContiguousArray(repeating: 0, count: schedule.faults.count)
    sensorCount = plant.facts.observationCount
    actuatorCount = plant.facts.actionCount
    entries = ContiguousArray(
      schedule.faults.indices.compactMap { index in
        let fault = schedule.faults[index]
        switch fault.kind {
        case .actuatorStuck, .actuatorWeak, .clockDrift, .clockBackwards:
          return Entry(
            timing: schedule.timing(of: index), kind: fault.kind,
            channel: fault.channel.flatMap { Int($0) })
        default: return nil
        }
      })
  }

  /// What is wrong from `now` until the next sample.
  ///
  /// - Parameters:
  ///   - sample: the time of that sample, for the sensors.
  ///   - applied: what the actuators do now.
  public mutating func disturbance(
    now: FaultTime, sample: FaultTime, applied: PlantAction
  ) -> PlantDisturbance {
    var result = PlantDisturbance()
    sensors.update(at: sample)
    for i in 0..<sensorCount { result.sensors[i] = sensors[i] }
    for i in entries.indices {
      let interval = entries[i].timing.interval(at: now)
      entries[i].isActive = interval != nil
      guard let interval else {
        entries[i].held = nil
        continue
      }
      switch entries[i].kind {
      case .actuatorStuck(let value):
        hold(i, value, interval, now, applied)
        let values = entries[i].held!.values
        forActuators(of: entries[i]) { result.actuators[$0].held = values[$0] }
      case .actuatorWeak(let factor):
        forActuators(of: entries[i]) { result.actuators[$0].factor *= Float(factor) }
      case .clockDrift(let factor): result.clockRate *= Float(factor)
      case .clockBackwards: result.isClockBackwards = true
      default: break
      }
    }
    return result
  }

  /// How often each fault of the schedule has acted, by its place in the list: at how many samples, and
  /// on how many readings.
  public var acted: ContiguousArray<Int> {
    var all = counts
    for i in all.indices { all[i] += sensors.acted[i] }
    return all
  }

  /// Notes what the faults have done at a sample, those of the last disturbance.
  public mutating func count(_ effect: Effect) {
    for i in 0..<sensorCount {
      sensors.count(effect.measured[i], from: effect.good[i], channel: i)
    }
    for entry in entries where entry.isActive {
      let hasActed =
        switch entry.kind {
        case .clockDrift: effect.clockRate != 1
        case .clockBackwards: true
        default: hasActed(entry, effect)
        }
      if hasActed { counts[Int(entry.timing.index)] += 1 }
    }
  }

  private func hasActed(_ entry: Entry, _ effect: Effect) -> Bool {
    var hasActed = false
    forActuators(of: entry) { if effect.applied[$0] != effect.wanted[$0] { hasActed = true } }
    return hasActed
  }

  private mutating func hold(
    _ index: Int, _ value: Double?, _ interval: FaultInterval, _ now: FaultTime,
    _ applied: PlantAction
  ) {
    if let held = entries[index].held, held.begin == interval.begin, held.reset == now.reset {
      return
    }
    let values = value.map { PlantAction(repeating: Float($0)) } ?? applied
    entries[index].held = (values, interval.begin, now.reset)
  }

  private func forActuators(of entry: Entry, _ body: (Int) -> Void) {
    if let channel = entry.channel { return body(channel) }
    for i in 0..<actuatorCount { body(i) }
  }
}
