import FirmwareSession
import ReplanFaults

// The loop's steps with faults between plant, power and line.
extension SimulationLoop {
  /// Brings everything to now.
  mutating func advance(_ faults: FaultInjection) throws(HostError) {
    let now = now
    for event in faults.events(at: now) { try obey(event, faults, at: now) }
    tell(faults, at: now)
    if faults.hasPower {
      // A sample at a time: what is wrong differs from one to the next.
      while session.clock == .streaming, session.nextWakeUp <= faults.plantTime(at: now) {
        let time = session.nextWakeUp
        call(faults, at: now) { $0.advance(to: time, emit: $1) }
        // It is wrong from this sample on: the next one knows it.
        for event in faults.events(at: now) { try obey(event, faults, at: now) }
        guard faults.hasPower else { return }
      }
      call(faults, at: now) { [plantTime = faults.plantTime(at: now)] in
        $0.advance(to: plantTime, emit: $1)
      }
    }
    try deliver(faults, at: now)
  }

  mutating func receive(
    _ bytes: UnsafeRawBufferPointer, _ faults: FaultInjection
  ) throws(HostError) {
    let now = now
    faults.toPlant.put(bytes, at: faults.time(at: now))
    try deliver(faults, at: now)
  }

  /// Hands over what has arrived at either end of the line.
  private mutating func deliver(_ faults: FaultInjection, at now: UInt64) throws(HostError) {
    var isLeft = true
    while isLeft {
      isLeft = faults.toPlant.take(at: faults.time(at: now)) { bytes in
        // A plant without power hears nothing.
        guard faults.hasPower else { return }
        SimulationLoop.verify(bytes, signing) { bytes in
          call(faults, at: now) { $0.receive(bytes, at: faults.plantTime(at: now), emit: $1) }
        }
      }
      for event in faults.events(at: now) { try obey(event, faults, at: now) }
    }
    tell(faults, at: now)
    // `terminal` is a constant; only the count is changed by the closure.
    while faults.toController.take(at: faults.time(at: now), { send($0) }) {}
  }

  /// One call of the session between what it must know before and what follows from it.
  private mutating func call(
    _ faults: FaultInjection, at now: UInt64,
    _ body: (inout PlantSession, (SessionOutput) -> Void) -> Void
  ) {
    faults.prepare(&session, at: now)
    let (log, signing) = (log, signing)
    body(&session) { output in
      switch output {
      case .frame(let bytes):
        SimulationLoop.sign(bytes, signing) {
          faults.toController.put($0, at: faults.time(at: now))
        }
      case .sample(let sample):
        faults.sampled(sample, at: now)
        log?.write(sample, faults: faults.active(at: now))
      }
    }
    faults.follow(session)
  }

  private mutating func obey(
    _ event: FaultInjection.Event, _ faults: FaultInjection, at now: UInt64
  ) throws(HostError) {
    switch event {
    case .cableGoes:
      terminal.unplug()
      faults.toPlant.discard()
      faults.toController.discard()
    case .cableReturns: try terminal.plug()
    case .powerGoes: break
    case .powerReturns(let microseconds):
      session.coast(microseconds: microseconds)
      restart(faults, at: now)
    case .plantRestarts:
      report("fault: plant-reset")
      restart(faults, at: now)
    }
  }

  private mutating func restart(_ faults: FaultInjection, at now: UInt64) {
    session.reboot()
    faults.restarted(at: now)
  }

  /// Says which faults have begun and ended since it was asked last.
  private mutating func tell(_ faults: FaultInjection, at now: UInt64) {
    guard isVerbose else { return }
    let active = faults.active(at: now)
    for name in active where !told.contains(name) { report("fault: \(name) on") }
    for name in told where !active.contains(name) { report("fault: \(name) off") }
    told = active
  }
}
