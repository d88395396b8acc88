/// The fields of one message, on their way back to a record.
struct FieldValues {
  let layout: MessageLayout
  let fields: [UInt64]
  /// Where the message stands in the file.
  let reader: ByteReader

  func observation(_ logTime: UInt64) throws(RecordError) -> ObservationRecord {
    ObservationRecord(
      logTime: logTime, sequence: try count(0), actionSequence: try count(1),
      plantTime: try count(2), flags: try count(3), cost: try narrowed(4), values: try channels())
  }

  func action(_ logTime: UInt64, sent: UInt64) throws(RecordError) -> ActionRecord {
    ActionRecord(
      logTime: logTime, sentTime: sent, sequence: try count(0), tick: try count(1),
      flags: try count(2),
      values: try channels())
  }

  func tick(_ logTime: UInt64) throws(RecordError) -> TickRecord {
    TickRecord(
      logTime: logTime, tick: try count(0), verdict: try count(1), iterations: try count(2),
      planCost: try narrowed(3), disagreement: try narrowed(4), wakeMicroseconds: real(5),
      tickMicroseconds: real(6), ageMicroseconds: real(7), latencyMicroseconds: real(8),
      modelGeneration: try count(9), isOverrun: try count(10) as UInt8 != 0,
      state: try count(11), transportMicroseconds: real(12), knownTicks: try count(13),
      lock: try count(14), observations: try count(15), isFresh: try count(16) as UInt8 != 0,
      elapsedSamples: try count(17), isCut: try count(18) as UInt8 != 0,
      actionSequence: try count(19), observationsChecksum: try count(20))
  }

  func values(_ logTime: UInt64) throws(RecordError) -> TickValues {
    TickValues(logTime: logTime, tick: try count(0), values: try channels())
  }

  private func channels() throws(RecordError) -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(layout.channels.count)
    for (place, name) in layout.channels.enumerated() {
      values.append(try narrowed(Double(bitPattern: fields[place]), name))
    }
    return values
  }

  private func narrowed(_ place: Int) throws(RecordError) -> Float {
    try narrowed(real(place), layout.bookkeeping[place].name)
  }

  /// A number of 32 bits, which the file holds in 64.
  ///
  /// Bits beyond those are of nobody's record; rounded away, a change of them would go unnoticed.
  private func narrowed(_ value: Double, _ name: String) throws(RecordError) -> Float {
    let narrow = Float(value)
    guard Double(narrow) == value || value.isNaN else {
      throw .altered(
        path: reader.path,
        reason: "\(layout.topic) \(name) is \(value), which has more digits than a record can have")
    }
    return narrow
  }

  private func real(_ place: Int) -> Double {
    Double(bitPattern: fields[layout.channels.count + place])
  }

  private func count<T: FixedWidthInteger>(_ place: Int) throws(RecordError) -> T {
    let value = fields[layout.channels.count + place]
    guard let count = T(exactly: value) else {
      throw reader.damaged("\(layout.topic) \(layout.bookkeeping[place].name) is \(value)")
    }
    return count
  }
}
