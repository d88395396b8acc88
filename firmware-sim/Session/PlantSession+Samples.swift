import ReplanPlants
import ReplanWire

// Time: the physics, the samples, and the watchdog between them.
extension PlantSession {
  /// Streaming: everything that happened up to `now`, in its order.
  mutating func stream(to now: UInt64, emit: (SessionOutput) -> Void) {
    while true {
      let expiry = watchdogExpiry
      if let expiry, expiry <= now, expiry <= nextSample {
        integrate(to: expiry)
        isStarved = true
        // Whoever sent the last action is gone; the next controller counts from 1.
        newestAction = 0
        applySafeAction()
      } else if nextSample <= now {
        integrate(to: nextSample)
        takeSample(at: nextSample, emit: emit)
        nextSample = nextSample &+ UInt64(word: periodMicroseconds)
      } else {
        break
      }
    }
    integrate(to: now)
  }

  /// When the watchdog gives up, unless it has or has nothing to watch.
  private var watchdogExpiry: UInt64? {
    guard isArmed && !isStarved else { return nil }
    return waitingSince &+ UInt64(word: UInt32(configuration.actionTimeout) &* 1000)
  }

  private mutating func integrate(to time: UInt64) {
    guard time > integratedTo else { return }
    if !isHeld {
      plant.advance(
        applied, microseconds: physical(UInt32(truncatingIfNeeded: time &- integratedTo)))
    }
    integratedTo = time
  }

  /// Lockstep: one period under the action in force, then its sample.
  mutating func stepOnce(emit: (SessionOutput) -> Void) {
    plant.advance(applied, microseconds: periodMicroseconds)
    simulatedTime = simulatedTime &+ UInt64(word: periodMicroseconds)
    takeSample(at: simulatedTime, emit: emit)
  }

  /// Measures the plant and sends the observation; the next sample interval begins.
  mutating func takeSample(at time: UInt64, emit: (SessionOutput) -> Void) {
    let good = sensors.measure(plant.state, facts, reset: resets, sample: sequence)
    let measured = disturbance.applied(to: good, last: lastMeasured, facts)
    lastMeasured = measured
    let stamp = stamp(of: time)
    emit(
      .sample(
        Sample(
          timeMicroseconds: stamp, sequence: sequence, state: plant.state, measured: measured,
          good: good, commanded: actuator.commanded, commandedSequence: actionSequence,
          applied: applied, wanted: actuator.applied, isArmed: isArmed, isStarved: isStarved)))
    var flags = ObservationFlags()
    if isArmed { flags.insert(.armed) }
    if isStarved { flags.insert(.watchdog) }
    var values = InlineArray<32, Float>(repeating: 0)
    var count = 0
    for i in 0..<facts.observationCount where !configuration.isHidden[i] {
      values[count] = measured[i]
      count &+= 1
    }
    let observation = ObservationMessage(
      timeMicroseconds: stamp, sequence: sequence, actionSequence: actionSequence,
      cost: configuration.sendsCost ? plant.cost : .nan, flags: flags,
      count: UInt8(truncatingIfNeeded: count), values: values)
    lastObservation = observation
    sequence = sequence &+ 1
    isHeld = false
    actuator.nextInterval()
    send(.observation(observation), emit: emit)
  }

  mutating func applySafeAction() {
    actuator.command(facts.safeAction)
    actionSequence = 0
  }
}
