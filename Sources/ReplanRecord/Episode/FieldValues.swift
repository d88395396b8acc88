/// The fields of one message, on their way back to a record.
struct FieldValues {
  let layout: MessageLayout
  let fields: [UInt64]
  /// Where the message stands in the file.
  let reader: ByteReader

  func observation(_ logTime: UInt64) throws(RecordError) -> ObservationRecord {
    ObservationRecord(
      logTime: logTime, sequence: try count(0), actionSequence: try count(1),
      plantTime: try count(2), flags: try count(3), cost: Float(real(4)), values: channels)
  }

  func action(_ logTime: UInt64, sent: UInt64) throws(RecordError) -> ActionRecord {
    ActionRecord(
      logTime: logTime, sentTime: sent, sequence: try count(0), tick: try count(1),
      flags: try count(2),
      values: channels)
  }

  func tick(_ logTime: UInt64) throws(RecordError) -> TickRecord {
    TickRecord(
      logTime: logTime, tick: try count(0), verdict: try count(1), iterations: try count(2),
      planCost: Float(real(3)), disagreement: Float(real(4)), wakeMicroseconds: real(5),
      tickMicroseconds: real(6), ageMicroseconds: real(7), latencyMicroseconds: real(8),
      modelGeneration: try count(9), isOverrun: try count(10) as UInt8 != 0,
      state: try count(11), transportMicroseconds: real(12), knownTicks: try count(13),
      lock: try count(14), observations: try count(15), isFresh: try count(16) as UInt8 != 0,
      elapsedSamples: try count(17), isCut: try count(18) as UInt8 != 0,
      actionSequence: try count(19), observationsChecksum: try count(20))
  }

  func values(_ logTime: UInt64) throws(RecordError) -> TickValues {
    TickValues(logTime: logTime, tick: try count(0), values: channels)
  }

  private var channels: [Float] {
    fields.prefix(layout.channels.count).map { Float(Double(bitPattern: $0)) }
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
