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
  }

  private var entries: ContiguousArray<Entry>
  private var sensors: SensorFaults
  private let sensorCount: Int
  private let actuatorCount: Int

  /// - Throws: names of channels that the plant has not.
  public init(_ schedule: FaultSchedule, _ plant: PlantKind) throws(FaultError) {
    sensors = try SensorFaults(schedule, FaultChannels(plant))
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
      guard let interval = entries[i].timing.interval(at: now) else {
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
