// Each message's fields in the order of the wire: MAVLink sorts base fields by the size of their
// element, largest first, and appends extensions as they were declared.

extension Heartbeat {
  init(_ fields: inout PayloadReader) {
    customMode = fields.word()
    type = fields.byte()
    autopilot = fields.byte()
    baseMode = fields.byte()
    systemStatus = fields.byte()
    mavlinkVersion = fields.byte()
  }

  func write(to fields: inout PayloadWriter) {
    fields.put(customMode)
    fields.put(type)
    fields.put(autopilot)
    fields.put(baseMode)
    fields.put(systemStatus)
    fields.put(mavlinkVersion)
  }
}

extension Timesync {
  init(_ fields: inout PayloadReader) {
    tc1 = Int64(bitPattern: fields.long())
    ts1 = Int64(bitPattern: fields.long())
    target = Address(&fields)
  }

  func write(to fields: inout PayloadWriter) {
    fields.put(UInt64(bitPattern: tc1))
    fields.put(UInt64(bitPattern: ts1))
    target.write(to: &fields)
  }
}

extension CommandLong {
  init(_ fields: inout PayloadReader) {
    parameters = InlineArray(repeating: 0)
    for i in 0..<7 { parameters[i] = fields.float() }
    command = Command(rawValue: fields.short())
    target = Address(&fields)
    confirmation = fields.byte()
  }

  func write(to fields: inout PayloadWriter) {
    for i in 0..<7 { fields.put(parameters[i]) }
    fields.put(command.rawValue)
    target.write(to: &fields)
    fields.put(confirmation)
  }
}

extension CommandAck {
  init(_ fields: inout PayloadReader) {
    command = Command(rawValue: fields.short())
    result = CommandResult(rawValue: fields.byte())
    progress = fields.byte()
    resultParameter = Int32(bitPattern: fields.word())
    target = Address(&fields)
  }

  func write(to fields: inout PayloadWriter) {
    fields.put(command.rawValue)
    fields.put(result.rawValue)
    fields.put(progress)
    fields.put(UInt32(bitPattern: resultParameter))
    target.write(to: &fields)
  }
}

extension StatusText {
  init(_ fields: inout PayloadReader) {
    severity = fields.byte()
    text = InlineArray(repeating: 0)
    for i in 0..<50 { text[i] = fields.byte() }
    id = fields.short()
    chunk = fields.byte()
  }

  func write(to fields: inout PayloadWriter) {
    fields.put(severity)
    for i in 0..<50 { fields.put(text[i]) }
    fields.put(id)
    fields.put(chunk)
  }
}

extension PlantDescription {
  init(_ fields: inout PayloadReader) {
    capabilities = Capabilities(rawValue: fields.word())
    sampleRate = fields.float()
    actionTimeout = fields.short()
    observationCount = fields.byte()
    actionCount = fields.byte()
    name = InlineArray(repeating: 0)
    for i in 0..<32 { name[i] = fields.byte() }
  }

  func write(to fields: inout PayloadWriter) {
    fields.put(capabilities.rawValue)
    fields.put(sampleRate)
    fields.put(actionTimeout)
    fields.put(observationCount)
    fields.put(actionCount)
    for i in 0..<32 { fields.put(name[i]) }
  }
}

extension ObservationMessage {
  init(_ fields: inout PayloadReader) {
    timeMicroseconds = fields.long()
    sequence = fields.word()
    actionSequence = fields.word()
    cost = fields.float()
    flags = ObservationFlags(rawValue: fields.byte())
    count = fields.byte()
    values = InlineArray(repeating: 0)
    for i in 0..<32 { values[i] = fields.float() }
  }

  func write(to fields: inout PayloadWriter) {
    fields.put(timeMicroseconds)
    fields.put(sequence)
    fields.put(actionSequence)
    fields.put(cost)
    fields.put(flags.rawValue)
    fields.put(count)
    for i in 0..<32 { fields.put(values[i]) }
  }
}

extension ActionMessage {
  init(_ fields: inout PayloadReader) {
    timeMicroseconds = fields.long()
    sequence = fields.word()
    tick = fields.word()
    flags = ActionFlags(rawValue: fields.byte())
    count = fields.byte()
    values = InlineArray(repeating: 0)
    for i in 0..<16 { values[i] = fields.float() }
  }

  func write(to fields: inout PayloadWriter) {
    fields.put(timeMicroseconds)
    fields.put(sequence)
    fields.put(tick)
    fields.put(flags.rawValue)
    fields.put(count)
    for i in 0..<16 { fields.put(values[i]) }
  }
}

extension Address {
  init(_ fields: inout PayloadReader) {
    system = fields.byte()
    component = fields.byte()
  }

  func write(to fields: inout PayloadWriter) {
    fields.put(system)
    fields.put(component)
  }
}
