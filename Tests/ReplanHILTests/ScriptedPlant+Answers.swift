import ReplanWire
import Synchronization

// What the plant does when it is told something, and when its time has come.
extension ScriptedPlant {
  func obey(_ command: CommandLong) {
    let number = command.command.rawValue
    let (result, isIgnored, vanishes) = shared.withLock { shared in
      shared.commands.append(command)
      let ignored = shared.script.ignored[number, default: 0]
      if ignored > 0 { shared.script.ignored[number] = ignored - 1 }
      var result = CommandResult.accepted
      if ignored == 0, let results = shared.script.results[number], !results.isEmpty {
        result = results[0]
        shared.script.results[number] = Array(results.dropFirst())
      }
      return (result, ignored > 0, shared.script.vanishesAtCommand == number)
    }
    if vanishes { return shared.withLock { $0.isStopped = true } }
    if isIgnored { return }
    // The answer says that it has happened.
    if command.command == .armDisarm && (result == .accepted || result == .inProgress) {
      shared.withLock { $0.isArmed = command.parameters[0] == 1 }
    }
    send(.commandAck(CommandAck(command.command, result, target: .controller)))
    if result == .inProgress {
      send(.commandAck(CommandAck(command.command, .accepted, target: .controller)))
    } else if result != .accepted {
      return
    }
    act(on: command)
  }

  private func act(on command: CommandLong) {
    switch command.command {
    case .requestMessage: describe()
    case .clock:
      isLockstep = command.parameters[0] == 1
      if command.parameters[1] > 0 && !script.keepsRate { rate = command.parameters[1] }
    case .reset:
      sample = 0
      resets += 1
      lastAction = nil
      resettingSamples = script.resettingSamples
      if isLockstep { observe() }
    default: break
    }
  }

  private func describe() {
    var name = InlineArray<32, UInt8>(repeating: 0)
    for (i, byte) in "scripted".utf8.enumerated() { name[i] = byte }
    send(
      .plantDescription(
        PlantDescription(
          capabilities: [.streaming, .lockstep, .reset], sampleRate: rate, actionTimeout: 100,
          observationCount: script.observations, actionCount: script.actions, name: name)))
  }

  func apply(_ action: ActionMessage) {
    let (vanishes, isLost) = shared.withLock { shared in
      shared.actions.append(action.sequence)
      return (
        shared.script.vanishesAtAction == action.sequence,
        shared.script.lostAnswers.remove(action.sequence) != nil
      )
    }
    if vanishes { return shared.withLock { $0.isStopped = true } }
    guard isLockstep else {
      lastAction = action
      return
    }
    if lastAction?.sequence == action.sequence, let lastAnswer { return send(lastAnswer) }
    lastAction = action
    observe(isLost: isLost)
  }

  func stream() {
    if script.isSilent { return }
    observe()
  }

  private func observe(isLost: Bool = false) {
    let script = script
    var flags = ObservationFlags()
    if shared.withLock({ $0.isArmed }) { flags.insert(.armed) }
    if resettingSamples > 0 { flags.insert(.resetting) }
    var values = InlineArray<32, Float>(repeating: 0)
    values[0] = Float(sample)
    values[1] = lastAction?.values[0] ?? 0
    values[2] = resets
    if script.notFinite.contains(sample) { values[1] = .nan }
    let answer = Message.observation(
      ObservationMessage(
        timeMicroseconds: UInt64(sample) * 5000, sequence: sample,
        actionSequence: lastAction?.sequence ?? 0, flags: flags,
        count: script.observations + (script.wrongCount.contains(sample) ? 1 : 0), values: values))
    lastAnswer = answer
    let isLostFirst =
      sample == 0 && resettingSamples == 0 && resets > 0
      && shared.withLock { shared in
        guard shared.script.lostFirstSamples > 0 else { return false }
        shared.script.lostFirstSamples -= 1
        return true
      }
    if !isLost && !isLostFirst { send(answer) }
    if resettingSamples > 0 { resettingSamples -= 1 } else { sample &+= 1 }
  }
}
