/// Samples that follow one another without a gap.
public struct SampledRun: Sendable, Equatable {
  public let stateCount: Int
  public let actionCount: Int
  /// When each sample was taken, s from the beginning of the series. On the tick if it was
  /// interpolated, otherwise as logged.
  public internal(set) var times: [Double] = []
  /// Shape [sample × state].
  public internal(set) var states: [Float] = []
  /// The action in force from each sample to the next; that of the last sample leads nowhere. Shape
  /// [sample × action].
  public internal(set) var actions: [Float] = []
  /// The cost measured at each sample; not a number where there is none.
  public internal(set) var costs: [Float] = []

  public init(stateCount: Int, actionCount: Int) {
    self.stateCount = stateCount
    self.actionCount = actionCount
  }

  public var count: Int { times.count }

  public func state(_ sample: Int) -> ArraySlice<Float> {
    states[sample * stateCount..<(sample + 1) * stateCount]
  }

  public func action(_ sample: Int) -> ArraySlice<Float> {
    actions[sample * actionCount..<(sample + 1) * actionCount]
  }

  /// The same samples with more state channels: those that were not measured are not a number.
  ///
  /// - Parameter channels: the new index of each channel, rising.
  public func placed(at channels: [Int], of stateCount: Int) -> SampledRun {
    precondition(channels.count == self.stateCount)
    var result = SampledRun(stateCount: stateCount, actionCount: actionCount)
    result.times = times
    result.actions = actions
    result.costs = costs
    result.states = [Float](repeating: .nan, count: count * stateCount)
    for sample in 0..<count {
      for (c, value) in zip(channels, state(sample)) {
        result.states[sample * stateCount + c] = value
      }
    }
    return result
  }

  /// The same samples with other values of a channel.
  ///
  /// - Precondition: one value a sample.
  public func setting(_ channel: Int, to values: [Float]) -> SampledRun {
    precondition(values.count == count)
    var result = self
    for sample in 0..<count { result.states[sample * stateCount + channel] = values[sample] }
    return result
  }

  /// Seconds from each sample to the next.
  public var intervals: [Double] { zip(times.dropFirst(), times).map { $0 - $1 } }
}
