public import ReplanPlants
import ReplanWire

// What a disturbance does to time and actuators, and what a loss of power does to everything.
extension PlantSession {
  /// What the actuators do now.
  public var applied: PlantAction { disturbance.applied(to: actuator.applied, facts) }

  /// The processor restarts: disarmed, streaming at its own rate, clock, samples and frames from 0.
  /// The physics know nothing of it. Times handed in count from here on.
  public mutating func reboot() {
    var booted = PlantSession(configuration, at: 0)
    booted.plant = plant
    // The sensors' noise does not begin anew.
    booted.resets = resets &+ 1
    booted.disturbance = disturbance
    self = booted
  }

  /// Without power: the physics go on for a while under the safe action, and nothing else does.
  public mutating func coast(microseconds: UInt32) {
    plant.advance(facts.safeAction, microseconds: microseconds)
  }

  /// The time of the physics in a time of the plant's clock, µs.
  func physical(_ microseconds: UInt32) -> UInt32 {
    guard disturbance.clockRate != 1 else { return microseconds }
    let time = Float(Int(truncatingIfNeeded: microseconds)) / disturbance.clockRate
    return UInt32(truncatingIfNeeded: Int(time + 0.5))
  }

  /// What the plant's clock says at a time.
  mutating func stamp(of time: UInt64) -> UInt64 {
    guard disturbance.isClockBackwards else {
      turnedAt = nil
      return time
    }
    let turn = turnedAt ?? time
    turnedAt = turn
    let past = time &- turn
    return past < turn ? turn &- past : turn &- turn
  }
}
