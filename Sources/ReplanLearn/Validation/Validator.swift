public import ReplanRecord

/// Judges a model of any kind on recorded trajectories that it has not seen.
///
/// Over k steps from every sample on, and in free simulation from the beginning of each trajectory:
/// error, fit and coverage of the predicted spread, channel by channel; and whether the residuals of
/// one step still hold something.
public struct Validator: Sendable {
  /// Names of the state channels that are judged; the first of each state.
  public var channels: [String]
  public var openLoop: OpenLoop
  /// Numbers of steps, ascending.
  public var horizons = [1, 5, 10, 25]
  /// More starts tell nothing new: of longer records every n-th is taken.
  public var mostStarts = 20_000
  /// Lags of the residuals' correlations.
  public var lags = 25
  /// Samples at the beginning of a trajectory that are not predicted from.
  public var warmup = 0

  public init(channels: [String], openLoop: OpenLoop) {
    self.channels = channels
    self.openLoop = openLoop
  }

  /// - Parameter makePredictor: called on worker threads, each of which needs one of its own.
  /// - Throws: `LearnError.nothingToJudge` if no transition is whole, `.threadRefused`.
  public func validate<P: Predictor>(
    _ trajectories: [Trajectory], makePredictor: @escaping @Sendable () -> P
  ) throws(LearnError) -> Validation {
    let singles = Forecasts.Start.windows(of: trajectories, steps: 1, warmup: warmup)
    guard !singles.isEmpty, let longest = horizons.max() else { throw .nothingToJudge }
    let stride = (singles.count + mostStarts - 1) / mostStarts
    let windows = try errors(
      trajectories,
      from: Forecasts.Start.windows(
        of: trajectories, steps: longest, stride: stride, warmup: warmup),
      steps: longest, makePredictor)
    let beginnings = Forecasts.Start.beginnings(of: trajectories, warmup: warmup)
    let most = beginnings.map(\.steps).max() ?? 0
    let simulation = try errors(trajectories, from: beginnings, steps: most, makePredictor)
    var figures: [ChannelFigures] = []
    for channel in channels.indices {
      for steps in horizons {
        figures.append(
          windows.figures(channel: channel, horizon: .steps(steps), steps: steps...steps))
      }
      if most > 0 {
        figures.append(
          simulation.figures(channel: channel, horizon: .simulation, steps: 1...most))
      }
    }
    return Validation(
      channels: channels, figures: figures,
      residuals: try residuals(trajectories, makePredictor: makePredictor), windows: windows,
      simulation: simulation)
  }

  /// What the residuals of one step from every sample on still hold.
  ///
  /// - Parameter makePredictor: called on worker threads, each of which needs one of its own.
  /// - Throws: `LearnError.threadRefused`.
  public func residuals<P: Predictor>(
    _ trajectories: [Trajectory], makePredictor: @escaping @Sendable () -> P
  ) throws(LearnError) -> ResidualTests {
    var single = openLoop
    single.particles = 2
    let starts = Forecasts.Start.windows(of: trajectories, steps: 1, warmup: warmup)
    let forecasts = try single.forecast(
      trajectories, from: starts, steps: 1, makePredictor: makePredictor)
    return residualTests(
      ForecastErrors(forecasts, of: trajectories, isAngle: openLoop.isAngle), trajectories)
  }

  private func errors<P: Predictor>(
    _ trajectories: [Trajectory], from starts: [Forecasts.Start], steps: Int,
    _ makePredictor: @escaping @Sendable () -> P
  ) throws(LearnError) -> ForecastErrors {
    ForecastErrors(
      try openLoop.forecast(
        trajectories, from: starts, steps: steps, makePredictor: makePredictor),
      of: trajectories, isAngle: openLoop.isAngle)
  }

  private func residualTests(
    _ errors: ForecastErrors, _ trajectories: [Trajectory]
  ) -> ResidualTests {
    let states = openLoop.isAngle.count
    var residuals = trajectories.map { [Float?](repeating: nil, count: $0.count * states) }
    for (index, start) in errors.forecasts.starts.enumerated() {
      for channel in channels.indices {
        residuals[start.trajectory][start.sample * states + channel] =
          errors.comparison(start: index, step: 1, channel: channel)?.error
      }
    }
    return ResidualTests(
      residuals: residuals, trajectories: trajectories, stateCount: states,
      channels: Array(channels.indices), lags: lags)
  }
}

/// What a validation found.
public struct Validation: Sendable {
  /// Names of the judged channels.
  public let channels: [String]
  /// By channel, then by horizon.
  public let figures: [ChannelFigures]
  public let residuals: ResidualTests
  /// The forecasts over windows, for plots of prediction against reality and of calibration.
  public let windows: ForecastErrors
  /// The free simulations, for overlays.
  public let simulation: ForecastErrors

  public func figures(channel: Int, horizon: ChannelFigures.Horizon) -> ChannelFigures? {
    figures.first { $0.channel == channel && $0.horizon == horizon }
  }
}
