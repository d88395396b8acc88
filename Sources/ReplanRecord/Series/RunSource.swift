/// The rows of one unbroken run, on their way to samples.
struct RunSource {
  let channels: SeriesChannels
  let times: [Double]
  /// One array an observation channel, of one value a row; angles without jumps.
  private let states: [[Double]]
  /// One array an action channel: the action in force from each row on.
  private let actions: [[Double]]
  private let costs: [Double]
  /// How the recording wraps each observation channel; nil where it is no angle.
  private let ranges: [AngleRange?]

  /// - Parameter values: observations, then actions.
  init(
    channels: SeriesChannels, times: [Double], values: [[Double]], costs: [Double],
    ranges: [AngleRange?], actionTiming: SeriesSettings.ActionTiming
  ) {
    self.channels = channels
    self.times = times
    self.costs = costs
    self.ranges = ranges
    states = zip(values, ranges).map { $1 == nil ? $0 : AngleRange.unwrapped($0) }
    actions = values.dropFirst(channels.observations.count).map { column in
      switch actionTiming {
      case .after: column
      // The last row tells nothing of what follows it.
      case .before: Array(column.dropFirst()) + column.suffix(1)
      }
    }
  }

  func asRecorded() -> SampledRun {
    var run = empty
    for row in times.indices {
      run.times.append(times[row])
      run.states += zip(states, ranges).map { Float($1?.wrapped($0[row]) ?? $0[row]) }
      run.actions += actions.map { Float($0[row]) }
      run.costs.append(Float(costs[row]))
    }
    return run
  }

  /// Samples from the first row on, one a tick.
  func interpolated(_ settings: SeriesSettings) -> SampledRun {
    let tick = settings.tick
    let states = states.map { Resampling(times: times, values: $0) }
    let actions = actions.map { Resampling(times: times, values: $0) }
    let costs = Resampling(times: times, values: costs)
    var run = empty
    // Times in a file are rounded, which must not cost the last sample.
    let count = Int((times[times.count - 1] - times[0]) / tick + 1e-6) + 1
    for k in 0..<count {
      let time = times[0] + Double(k) * tick
      run.times.append(time)
      for (state, range) in zip(states, ranges) {
        let value = settings.averages ? state.average(time, width: tick) : state.linear(time)
        run.states.append(Float(range?.wrapped(value) ?? value))
      }
      run.actions += actions.map { Float($0.held(from: time, to: time + tick)) }
      run.costs.append(Float(costs.nearest(time)))
    }
    return run
  }

  private var empty: SampledRun {
    SampledRun(stateCount: channels.observations.count, actionCount: channels.actions.count)
  }
}
