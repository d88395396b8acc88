import ReplanPlants
import ReplanWire

// Commands: each is answered with one COMMAND_ACK before anything that follows from it.
extension PlantSession {
  mutating func handle(
    _ command: CommandLong, from source: Address, at now: UInt64, emit: (SessionOutput) -> Void
  ) {
    let first = command.parameters[0]
    let second = command.parameters[1]
    switch command.command {
    case .requestMessage:
      let isKnown = first == 53000
      acknowledge(command, isKnown ? .accepted : .denied, to: source, emit: emit)
      if isKnown { send(.plantDescription(description), emit: emit) }
    case .armDisarm:
      guard first == 0 || first == 1 else {
        return acknowledge(command, .denied, to: source, emit: emit)
      }
      arm(first == 1, at: now)
      acknowledge(command, .accepted, to: source, emit: emit)
    case .reset:
      guard let reset = reset(first, seed: second) else {
        return acknowledge(command, .denied, to: source, emit: emit)
      }
      acknowledge(command, .accepted, to: source, emit: emit)
      restart(reset, at: now, emit: emit)
    case .clock:
      let isSet = setClock(first, rate: second, at: now)
      acknowledge(command, isSet ? .accepted : .denied, to: source, emit: emit)
    default:
      acknowledge(command, .unsupported, to: source, emit: emit)
    }
  }

  private mutating func acknowledge(
    _ command: CommandLong, _ result: CommandResult, to source: Address,
    emit: (SessionOutput) -> Void
  ) {
    send(.commandAck(CommandAck(command.command, result, target: source)), emit: emit)
  }

  private var description: PlantDescription {
    var name = InlineArray<32, UInt8>(repeating: 0)
    let text = configuration.kind.name
    // SAFETY: the pointer is that of a static string, read within its length.
    for i in 0..<min(text.utf8CodeUnitCount, 32) { name[i] = text.utf8Start[i] }
    // Not an array literal, which would live on the heap.
    var capabilities =
      Capabilities.streaming.rawValue | Capabilities.lockstep.rawValue
    if configuration.resets { capabilities |= Capabilities.reset.rawValue }
    if configuration.sendsCost { capabilities |= Capabilities.cost.rawValue }
    return PlantDescription(
      capabilities: Capabilities(rawValue: capabilities), sampleRate: sampleRate,
      actionTimeout: configuration.actionTimeout,
      observationCount: UInt8(truncatingIfNeeded: configuration.sensorCount),
      actionCount: UInt8(truncatingIfNeeded: facts.actionCount), name: name)
  }

  /// The watchdog starts with arming: until then no action was due.
  private mutating func arm(_ wanted: Bool, at now: UInt64) {
    guard wanted != isArmed else { return }
    isArmed = wanted
    newestAction = 0
    isStarved = false
    waitingSince = now
    applySafeAction()
  }

  /// The reset that a command asks for; `nil` if there is none such.
  private func reset(_ kind: Float, seed: Float) -> PlantReset? {
    guard configuration.resets else { return nil }
    if kind == 0 { return .rest }
    // Above 2^24 a Float no longer tells neighbouring seeds apart.
    guard kind == 1, seed >= 0, seed <= 16_777_216 else { return nil }
    let number = UInt32(truncatingIfNeeded: Int(seed))
    if number > 0 { return .random(PlantSeed(number, 0)) }
    return .random(PlantSeed(configuration.seed.x &+ resets &+ 1, ~configuration.seed.y))
  }

  /// Samples start again at 0, in lockstep at once, streaming at the next edge. Keeps the arming.
  private mutating func restart(
    _ reset: PlantReset, at now: UInt64, emit: (SessionOutput) -> Void
  ) {
    plant.reset(reset)
    resets = resets &+ 1
    sequence = 0
    lastMeasured = nil
    actuator.reset(safe: facts.safeAction)
    actionSequence = 0
    answeredSequence = 0
    newestAction = 0
    isStarved = false
    waitingSince = now
    isHeld = true
    if clock == .lockstep { takeSample(at: simulatedTime, emit: emit) }
  }

  /// - Returns: false if the plant cannot, and then nothing has changed.
  private mutating func setClock(_ kind: Float, rate: Float, at now: UInt64) -> Bool {
    let wanted = rate == 0 ? configuration.sampleRate : rate
    guard kind == 0 || kind == 1, SessionConfiguration.sampleRates.contains(wanted) else {
      return false
    }
    let newClock = kind == 0 ? PlantClock.streaming : .lockstep
    // The command again changes nothing: it was a retransmission.
    guard newClock != clock || wanted != sampleRate else { return true }
    sampleRate = wanted
    periodMicroseconds = PlantSession.period(of: wanted)
    switch newClock {
    case .streaming:
      integratedTo = now
      nextSample = now &+ UInt64(word: periodMicroseconds)
    case .lockstep where clock == .streaming:
      // From here on nothing may depend on how long the plant has been running.
      simulatedTime = UInt64(word: 0)
      isStarved = false
    case .lockstep:
      break
    }
    waitingSince = now
    clock = newClock
    return true
  }
}
