import ReplanWire

/// A frame's header and fields as the referee writes them: integers in decimal, floats as their
/// bits, text as hexadecimal digits without the padding; fields in the order of the dialect.
func fieldText(_ frame: Frame) -> String {
  let header = frame.header
  let fields: [String] =
    switch Message(frame) {
    case .heartbeat(let m):
      [
        text(m.type), text(m.autopilot), text(m.baseMode), text(m.customMode),
        text(m.systemStatus), text(m.mavlinkVersion),
      ]
    case .timesync(let m): [text(m.tc1), text(m.ts1), text(m.target)]
    case .commandLong(let m):
      [text(m.target), text(m.command.rawValue), text(m.confirmation)]
        + (0..<7).map { text(m.parameters[$0]) }
    case .commandAck(let m):
      [
        text(m.command.rawValue), text(m.result.rawValue), text(m.progress),
        text(m.resultParameter), text(m.target),
      ]
    case .statusText(let m): [text(m.severity), text(m.text), text(m.id), text(m.chunk)]
    case .plantDescription(let m):
      [
        text(m.capabilities.rawValue), text(m.sampleRate), text(m.actionTimeout),
        text(m.observationCount), text(m.actionCount), text(m.name),
      ]
    case .observation(let m):
      [
        text(m.timeMicroseconds), text(m.sequence), text(m.actionSequence), text(m.cost),
        text(m.flags.rawValue), text(m.count),
      ] + (0..<32).map { text(m.values[$0]) }
    case .action(let m):
      [
        text(m.timeMicroseconds), text(m.sequence), text(m.tick), text(m.flags.rawValue),
        text(m.count),
      ] + (0..<16).map { text(m.values[$0]) }
    }
  let start = [text(header.id.rawValue), text(header.sequence), text(header.source)]
  return (start + fields).joined(separator: " ")
}

private func text(_ value: some BinaryInteger) -> String { "\(value)" }
private func text(_ value: Float) -> String { "\(value.bitPattern)" }
private func text(_ value: Address) -> String { "\(value.system) \(value.component)" }
private func text<let count: Int>(_ value: InlineArray<count, UInt8>) -> String {
  var bytes = value.indices.map { value[$0] }
  while bytes.last == 0 { bytes.removeLast() }
  if bytes.isEmpty { return "-" }
  return bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
}
