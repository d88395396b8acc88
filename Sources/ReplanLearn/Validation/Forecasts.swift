import ReplanCore
import ReplanNumerics
public import ReplanRecord

/// What a model foresees from many samples on, without seeing any later one.
///
/// From each start the model runs open loop over the actions that were in force. Two forecasts of
/// each step are kept: the rollout of the members' mean, which a controller looks ahead with, and
/// mean and standard deviation over particles, each of which follows one member and its noise.
public struct Forecasts: Sendable {
  /// Where a rollout begins.
  public struct Start: Sendable, Equatable {
    public var trajectory: Int
    public var sample: Int
    /// Steps until the trajectory ends, at most those of the forecasts.
    public var steps: Int

    public init(trajectory: Int, sample: Int, steps: Int) {
      self.trajectory = trajectory
      self.sample = sample
      self.steps = steps
    }
  }

  public let stateCount: Int
  /// Steps of each rollout.
  public let steps: Int
  public let starts: [Start]
  /// Rollouts of the members' mean. Shape [start, step, state]; after a start's last step as if its
  /// last action stayed in force.
  public internal(set) var rollout: [Float]
  /// Mean over particles; an angle's is not wrapped. Same shape.
  public internal(set) var mean: [Float]
  /// Standard deviation over particles, calibrated where the model says how. Same shape.
  public internal(set) var deviation: [Float]
  /// The part of `deviation` that comes of the members' disagreement; its square and that of the noise
  /// add up to the square of `deviation`. Same shape.
  public internal(set) var epistemic: [Float]

  init(stateCount: Int, steps: Int, starts: [Start]) {
    self.stateCount = stateCount
    self.steps = steps
    self.starts = starts
    let count = starts.count * steps * stateCount
    rollout = [Float](repeating: 0, count: count)
    mean = rollout
    deviation = rollout
    epistemic = rollout
  }

  /// Where a value lies; `step` counts from 1.
  public func index(start: Int, step: Int, channel: Int) -> Int {
    (start * steps + step - 1) * stateCount + channel
  }
}

extension Forecasts.Start {
  /// A window of `steps` steps from every `stride`-th sample on that is there, in order.
  ///
  /// - Parameter warmup: samples at the beginning of a trajectory that are left out.
  public static func windows(
    of trajectories: [Trajectory], steps: Int, stride: Int = 1, warmup: Int = 0
  ) -> [Forecasts.Start] {
    var starts: [Forecasts.Start] = []
    for (t, trajectory) in trajectories.enumerated() where trajectory.count > warmup {
      for k in Swift.stride(from: warmup, to: trajectory.count, by: stride)
      where trajectory.isPresent(k) {
        starts.append(
          Forecasts.Start(trajectory: t, sample: k, steps: min(steps, trajectory.count - k)))
      }
    }
    return starts
  }

  /// The beginning of each trajectory, to be run to its end.
  public static func beginnings(
    of trajectories: [Trajectory], warmup: Int = 0
  ) -> [Forecasts.Start] {
    trajectories.indices.compactMap { t in
      let trajectory = trajectories[t]
      guard trajectory.count > warmup,
        let first = (warmup..<trajectory.count).first(where: trajectory.isPresent)
      else { return nil }
      return Forecasts.Start(trajectory: t, sample: first, steps: trajectory.count - first)
    }
  }
}
