import ReplanFaults
import ReplanPlants
import Testing

/// What sensors read and actuators do.
struct PlantFaultsTests {
  private let names = FaultChannels(.cartPole)

  private func sensors(_ faults: String) throws -> SensorFaults {
    try SensorFaults(FaultSchedule.parse(yaml: "faults: [\(faults)]"), names)
  }

  /// The readings of one channel at 10 Hz whose good readings count up by 0.1.
  private func readings(_ faults: String, channel: Int, _ count: Int) throws -> [Float] {
    var sensors = try sensors(faults)
    return (0..<count).map { k in
      sensors.update(at: time(Double(k) / 10))
      return sensors.reading(Float(k) / 10, channel: channel)
    }
  }

  private func time(_ seconds: Double?) -> FaultTime {
    FaultTime(seconds: seconds, microseconds: 0, reset: 1)
  }

  private func near(_ found: [Float], _ wanted: [Float]) -> Bool {
    found.count == wanted.count && zip(found, wanted).allSatisfy { abs($0 - $1) < 1e-5 }
  }

  @Test func frozenRepeatsTheReadingBefore() throws {
    let found = try readings(
      "{fault: sensor-frozen, channel: cart_position, from: 0.2, until: 0.5}", channel: 0, 7)
    #expect(near(found, [0, 0.1, 0.1, 0.1, 0.1, 0.5, 0.6]))
    let first = try readings("{fault: sensor-frozen, channel: cart_position}", channel: 0, 3)
    #expect(near(first, [0, 0, 0]))
    let other = try readings("{fault: sensor-frozen, channel: pole_angle}", channel: 0, 3)
    #expect(near(other, [0, 0.1, 0.2]))
  }

  @Test func jumpsDriftsSaturationAndNaN() throws {
    let jump = "{fault: sensor-jump, channel: all, by: 0.5, at: 0.1, for: 0.2}"
    #expect(near(try readings(jump, channel: 1, 4), [0, 0.6, 0.7, 0.3]))
    let drift = "{fault: sensor-drift, channel: cart_velocity, rate: 2, at: 0.1}"
    #expect(near(try readings(drift, channel: 1, 4), [0, 0.1, 0.4, 0.7]))
    let bounds = "{fault: sensor-saturated, channel: cart_velocity, low: 0.1, high: 0.2}"
    #expect(near(try readings(bounds, channel: 1, 4), [0.1, 0.1, 0.2, 0.2]))
    #expect(near(try readings("\(jump), \(bounds)", channel: 1, 4), [0.1, 0.2, 0.2, 0.2]))
    let nothing = try readings(
      "{fault: sensor-nan, channel: all, at: 0.1, for: 0.1}", channel: 3, 3)
    #expect(nothing[1].isNaN && nothing[0] == 0 && nothing[2] == 0.2)
  }

  @Test func anglesWrap() throws {
    var sensors = try sensors("{fault: sensor-jump, channel: pole_angle, by: 0.5}")
    sensors.update(at: time(0))
    #expect(abs(sensors.reading(3, channel: 2) - (3.5 - 2 * .pi)) < 1e-5)
    #expect(sensors.acted == [1])
  }

  private func plant(_ faults: String) throws -> PlantFaults {
    try PlantFaults(FaultSchedule.parse(yaml: "faults: [\(faults)]"), .cartPole)
  }

  @Test func aStuckActuatorKeepsWhatItDidThen() throws {
    var faults = try plant("{fault: actuator-stuck, at: 1, for: 1}")
    let facts = PlantKind.cartPole.facts
    func applied(_ command: Float, _ seconds: Double, before: Float) -> Float {
      let disturbance = faults.disturbance(
        now: time(seconds), sample: time(seconds + 0.02), applied: PlantAction(before, 0, 0, 0))
      return disturbance.applied(to: PlantAction(command, 0, 0, 0), facts)[0]
    }
    #expect(applied(4, 0.98, before: 1) == 4)
    #expect(applied(5, 1, before: 4) == 4)
    #expect(applied(6, 1.98, before: 4) == 4)
    #expect(applied(7, 2, before: 4) == 7)
    faults = try plant("{fault: actuator-stuck, value: -3, channel: 0}")
    #expect(applied(5, 0, before: 1) == -3)
    faults = try plant("{fault: actuator-weak, factor: 0.5}, {fault: actuator-weak, factor: 0.5}")
    #expect(applied(5, 0, before: 1) == 1.25)
  }

  @Test func clocks() throws {
    var faults = try plant(
      "{fault: clock-drift, factor: 1.02, at: 1}, {fault: clock-backwards, at: 2}")
    func clock(_ seconds: Double) -> (Float, Bool) {
      let result = faults.disturbance(
        now: time(seconds), sample: time(seconds), applied: PlantAction(repeating: 0))
      return (result.clockRate, result.isClockBackwards)
    }
    #expect(clock(0.5) == (1, false))
    #expect(clock(1) == (1.02, false))
    #expect(clock(2) == (1.02, true))
  }

  /// A fault that changes nothing has not acted; one that acts beside another is told apart.
  @Test func whatHasActedIsCounted() throws {
    var faults = try plant(
      """
      {fault: actuator-weak, factor: 0.5, channel: 0}, {fault: sensor-nan, channel: pole_angle},
      {fault: sensor-jump, channel: cart_velocity, by: 0, at: 1},
      {fault: clock-drift, factor: 1.01}, {fault: clock-backwards, at: 5}
      """)
    for (force, rate) in [(Float(4), 1.01), (0, 1.01), (2, 1)] {
      let wanted = PlantAction(force, 0, 0, 0)
      let disturbance = faults.disturbance(now: time(2), sample: time(2.02), applied: wanted)
      let facts = PlantKind.cartPole.facts
      let good = PlantState(repeating: 0.25)
      faults.count(
        PlantFaults.Effect(
          measured: disturbance.applied(to: good, last: nil, facts), good: good,
          applied: disturbance.applied(to: wanted, facts), wanted: wanted, clockRate: rate))
    }
    #expect(faults.acted == [2, 3, 0, 2, 0])
  }

  @Test func aSensorsFaultsAreToldApart() throws {
    for (bound, acted) in [("1000", [4, 0]), ("0.6", [4, 3])] {
      var sensors = try sensors(
        "{fault: sensor-jump, channel: cart_velocity, by: 0.5}, "
          + "{fault: sensor-saturated, channel: cart_velocity, low: -1000, high: \(bound)}")
      for k in 0..<4 {
        sensors.update(at: time(Double(k) / 10))
        _ = sensors.reading(0.125 * Float(k), channel: 1)
      }
      #expect(Array(sensors.acted) == acted)
    }
  }
}
