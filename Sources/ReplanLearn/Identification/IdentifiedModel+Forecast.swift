import ReplanCore
public import ReplanRecord

extension IdentifiedModel {
  /// Open-loop forecasts from samples of trajectories of measured channels.
  public struct SampleForecasts: Sendable {
    /// The starts that could be predicted from, as they were given; one for each forecast. A model
    /// with a memory has nothing to say where its past is not whole.
    public let starts: [Forecasts.Start]
    /// The measured channels come first in each state.
    public let errors: ForecastErrors
  }

  /// - Parameters:
  ///   - starts: samples of `trajectories`, which hold measured channels only.
  ///   - steps: those of every forecast; a start's own may be fewer.
  ///   - particles: nil for the usual number.
  /// - Throws: `LearnError.threadRefused`.
  public func forecasts(
    _ trajectories: [Trajectory], from starts: [Forecasts.Start], steps: Int,
    particles: Int? = nil
  ) throws(LearnError) -> SampleForecasts {
    let ticks = structure.memoryTicks
    var whole: [Trajectory] = []
    var places = [Int?](repeating: nil, count: trajectories.count)
    for (index, trajectory) in trajectories.enumerated() {
      guard let remembered = trajectory.remembering(structure) else { continue }
      places[index] = whole.count
      whole.append(remembered)
    }
    var kept: [Forecasts.Start] = []
    var moved: [Forecasts.Start] = []
    for start in starts {
      guard let place = places[start.trajectory], start.sample >= ticks,
        whole[place].isPresent(start.sample - ticks)
      else { continue }
      kept.append(start)
      moved.append(
        Forecasts.Start(trajectory: place, sample: start.sample - ticks, steps: start.steps))
    }
    let isAngle = (0..<structure.stateCount).map { structure.states[$0].isAngle }
    var openLoop = OpenLoop(isAngle: isAngle)
    openLoop.calibration = spread
    if let particles { openLoop.particles = particles }
    let forecasts = try openLoop.forecast(
      whole, from: moved, steps: steps, makePredictor: makePredictor)
    return SampleForecasts(
      starts: kept, errors: ForecastErrors(forecasts, of: whole, isAngle: isAngle))
  }

  /// What one-step residuals on trajectories of measured channels still hold.
  ///
  /// - Throws: `LearnError.threadRefused`.
  public func residuals(_ trajectories: [Trajectory]) throws(LearnError) -> ResidualTests {
    let openLoop = OpenLoop(
      isAngle: (0..<structure.stateCount).map { structure.states[$0].isAngle })
    return try Validator(channels: channels, openLoop: openLoop).residuals(
      trajectories.remembering(structure), makePredictor: makePredictor)
  }
}
