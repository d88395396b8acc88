public import ReplanRobot

extension ExcitationSettings {
  /// The excitation of a robot, what is not given chosen from its rate and its time scale.
  ///
  /// The time scale is the planner's horizon T, over which actions show what they lead to. The band
  /// goes from 1 / 2T to 5 / T, at most a fifth of the rate, and the length holds four periods of the
  /// lowest frequency. The amplitude is half of half the range.
  ///
  /// - Parameters:
  ///   - amplitude: fraction of half the action's range.
  ///   - band: Hz.
  /// - Throws: where they contradict one another or the rate.
  public init(
    _ robot: RobotDescription, kind: Kind, amplitude: Double? = nil,
    band: ClosedRange<Double>? = nil, seconds: Double? = nil, seed: UInt64
  ) throws(ExcitationError) {
    let rate = robot.rate
    let scale = robot.planner.horizon
    let high = band?.upperBound ?? min(rate / 5, 5 / scale)
    var low = band?.lowerBound ?? min(1 / (2 * scale), high / 4)
    if band == nil, let seconds { low = max(low, 1 / seconds) }
    guard low > 0, low < high, high <= rate / 2 else {
      throw .band(low: low, high: high, rate: rate)
    }
    let length = seconds ?? 4 / low
    guard length * low >= 0.999 else { throw .tooShort(seconds: length, needed: 1 / low) }
    let ticks = max(4, (length * rate).rounded())
    guard length <= 3600, ticks <= 1e6 else { throw .tooLong(seconds: length) }
    self.init(
      kind: kind,
      channels: robot.action.map {
        Channel(
          name: $0.name, low: $0.limits.low, high: $0.limits.high, safe: $0.safe,
          slewPerTick: $0.slew.map { $0 * robot.period })
      }, rate: rate, amplitude: amplitude ?? 0.5, band: low...high, ticks: Int(ticks), seed: seed)
    isLengthFree = seconds == nil
  }
}
