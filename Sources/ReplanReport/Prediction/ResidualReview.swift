import ReplanCore
import ReplanLearn
import ReplanRecord

/// A free simulation of an episode's longest run, and what one-step residuals still hold.
struct ResidualReview {
  /// Transitions that residuals are taken over; more tell nothing new.
  static let mostTransitions = 20_000

  let content: PredictionContent.Whole
  /// Simulated and measured, as 32-bit floats of shape [step from 0, channel, 2].
  let simulation: [UInt8]

  /// - Parameters:
  ///   - times: of each trajectory's first sample, s.
  ///   - mostSteps: those of the simulation.
  /// - Returns: nil if nothing can be predicted, or the system has no thread for it.
  init?(
    _ fitted: FittedModel, _ trajectories: [Trajectory], times: [Double], mostSteps: Int
  ) {
    let model = IdentifiedModel(fitted)
    let beginnings = trajectories.indices.compactMap { t -> Forecasts.Start? in
      let trajectory = trajectories[t]
      let first = model.structure.memoryTicks
      guard trajectory.count > first,
        let sample = (first..<trajectory.count).first(where: trajectory.isPresent)
      else { return nil }
      return Forecasts.Start(
        trajectory: t, sample: sample, steps: min(mostSteps, trajectory.count - sample))
    }
    guard let start = beginnings.max(by: { $0.steps < $1.steps }) else { return nil }
    var tested: [Trajectory] = []
    for trajectory in trajectories
    where tested.isEmpty || tested.reduce(0, { $0 + $1.count }) < Self.mostTransitions {
      tested.append(trajectory)
    }
    do throws(LearnError) {
      let found = try model.forecasts(
        trajectories, from: [start], steps: start.steps, particles: 2)
      guard found.starts == [start] else { return nil }
      simulation = Self.bytes(found.errors, start, trajectories[start.trajectory])
      let tests = try model.residuals(tested)
      content = PredictionContent.Whole(
        start: times[start.trajectory]
          + Double(start.sample) * Double(model.structure.tick),
        steps: start.steps,
        residuals: (tests.autocorrelations + tests.crossCorrelations).map {
          PredictionContent.Correlation(
            channel: $0.channel, action: $0.action, firstLag: $0.firstLag, values: $0.values,
            bound: $0.bound)
        })
    } catch {
      return nil
    }
  }

  private static func bytes(
    _ errors: ForecastErrors, _ start: Forecasts.Start, _ trajectory: Trajectory
  ) -> [UInt8] {
    var values: [Float] = []
    for value in trajectory.state(start.sample) { values += [value, value] }
    for step in 1...start.steps {
      for channel in 0..<trajectory.stateCount {
        let place = errors.forecasts.index(start: 0, step: step, channel: channel)
        let predicted = errors.forecasts.rollout[place]
        // Beside its prediction, so that an angle does not jump by a turn.
        let error = errors.comparison(start: 0, step: step, channel: channel)?.error
        // One that left the numbers is not drawn.
        values += [predicted.isFinite ? predicted : .nan, error.map { predicted + $0 } ?? .nan]
      }
    }
    // SAFETY: the bytes of an array of floats, which have no padding.
    return values.withUnsafeBytes { Array($0) }
  }
}
