/// An unbroken record of a plant at its own time stamps, which need not be evenly spaced.
public struct MeasuredRecord: Sendable, Equatable {
  public let stateCount: Int
  public let actionCount: Int
  /// When each sample was taken, s, rising.
  public private(set) var times: [Double] = []
  /// Shape [sample × state]; not a number where a state was not measured.
  public private(set) var states: [Double] = []
  /// The action in force from each sample to the next [sample × action].
  public private(set) var actions: [Double] = []

  public init(stateCount: Int, actionCount: Int) {
    self.stateCount = stateCount
    self.actionCount = actionCount
  }

  public var count: Int { times.count }

  /// - Precondition: the time is later than that of the sample before.
  public mutating func append(time: Double, state: [Double], action: [Double]) {
    precondition(state.count == stateCount && action.count == actionCount)
    precondition(times.last.map { time > $0 } ?? true, "time runs forward")
    times.append(time)
    states += state
    actions += action
  }

  /// Values that were measured.
  var measurements: Int { states.count { $0.isFinite } }

  /// True for each state channel that was measured at all.
  var isMeasured: [Bool] {
    (0..<stateCount).map { c in
      stride(from: c, to: states.count, by: stateCount).contains { states[$0].isFinite }
    }
  }
}

/// A part of a record that is simulated from an initial state of its own.
struct Window: Sendable {
  let record: MeasuredRecord
  let samples: Range<Int>

  var count: Int { samples.count }

  func measured(_ k: Int, _ channel: Int) -> Double {
    record.states[(samples.lowerBound + k) * record.stateCount + channel]
  }

  func time(_ k: Int) -> Double { record.times[samples.lowerBound + k] }

  /// Windows of about so many samples, which share none.
  static func windows(of records: [MeasuredRecord], samples length: Int) -> [Window] {
    records.flatMap { record in
      // Equal parts, so that no window is left with a sample or two.
      let parts = max(1, Int((Double(record.count) / Double(max(length, 2))).rounded()))
      return (0..<parts).compactMap { part in
        let range = part * record.count / parts..<(part + 1) * record.count / parts
        return range.count >= 2 ? Window(record: record, samples: range) : nil
      }
    }
  }
}
