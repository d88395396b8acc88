public import ReplanPlants

/// What the faults of a schedule do to readings.
///
/// Several faults of one channel add up: jumps and drifts first, then saturation; a frozen sensor
/// repeats what it said before, one that reads not a number says nothing else.
///
/// - Timing: no allocation or lock after `init`.
public struct SensorFaults {
  private struct Entry {
    let timing: FaultTiming
    let kind: FaultKind
    /// `nil`: all.
    let channel: Int?
    /// As of the last update.
    var isActive = false
  }

  private var entries: ContiguousArray<Entry>
  private var disturbances: ContiguousArray<SensorDisturbance>
  private var last: ContiguousArray<Float?>
  private let isAngle: ContiguousArray<Bool>
  /// How many readings each fault of the schedule has changed, by its place in the list.
  public private(set) var acted: ContiguousArray<Int>

  /// - Throws: names of channels that the plant has not.
  public init(_ schedule: FaultSchedule, _ channels: FaultChannels) throws(FaultError) {
    try schedule.check(channels)
    entries = ContiguousArray(
      schedule.faults.indices.filter { schedule.faults[$0].kind.place == .sensor }.map { index in
        let fault = schedule.faults[index]
        return Entry(
          timing: schedule.timing(of: index), kind: fault.kind,
          channel: channels.sensors.firstIndex { $0.name == fault.channel })
      })
    acted = ContiguousArray(repeating: 0, count: schedule.faults.count)
    let count = channels.sensors.count
    disturbances = ContiguousArray(repeating: SensorDisturbance(), count: count)
    last = ContiguousArray(repeating: nil, count: count)
    isAngle = ContiguousArray(channels.sensors.map(\.isAngle))
  }

  public var isEmpty: Bool { entries.isEmpty }
  public var count: Int { isAngle.count }

  /// What is wrong with a channel, as of the last `update`.
  public subscript(channel: Int) -> SensorDisturbance { disturbances[channel] }

  /// Finds what is wrong at `time`.
  public mutating func update(at time: FaultTime) {
    for i in disturbances.indices { disturbances[i] = SensorDisturbance() }
    for index in entries.indices {
      let entry = entries[index]
      let interval = entry.timing.interval(at: time)
      entries[index].isActive = interval != nil
      guard let interval else { continue }
      if let channel = entry.channel {
        SensorFaults.add(entry.kind, since: interval.begin, time, to: &disturbances[channel])
      } else {
        for i in disturbances.indices {
          SensorFaults.add(entry.kind, since: interval.begin, time, to: &disturbances[i])
        }
      }
    }
  }

  private static func add(
    _ kind: FaultKind, since begin: Double, _ time: FaultTime, to result: inout SensorDisturbance
  ) {
    switch kind {
    case .sensorFrozen: result.isFrozen = true
    case .sensorNaN: result.isNaN = true
    case .sensorJump(let by): result.offset += Float(by)
    case .sensorDrift(let rate): result.offset += Float(rate * ((time.seconds ?? 0) - begin))
    case .sensorSaturated(let low, let high):
      result.low = max(result.low, Float(low))
      result.high = min(result.high, Float(high))
    default: break
    }
  }

  /// The reading of a channel that comes of a good one, once a sample.
  public mutating func reading(_ value: Float, channel: Int) -> Float {
    let result = disturbances[channel].applied(
      to: value, last: last[channel], wrapping: isAngle[channel])
    last[channel] = result
    count(result, from: value, channel: channel)
    return result
  }

  /// Notes what became of a good reading since the last `update`.
  mutating func count(_ reading: Float, from good: Float, channel: Int) {
    // Written so that what is not a number has changed.
    guard !(reading == good) else { return }
    for entry in entries where entry.isActive && (entry.channel ?? channel) == channel {
      // Beside another fault, one that cuts off has acted only where the reading ends at its bound.
      if case .sensorSaturated(let low, let high) = entry.kind,
        reading != Float(low) && reading != Float(high)
      {
        continue
      }
      acted[Int(entry.timing.index)] += 1
    }
  }

  /// A reset: nothing was read before.
  public mutating func forget() {
    for i in last.indices { last[i] = nil }
  }
}
