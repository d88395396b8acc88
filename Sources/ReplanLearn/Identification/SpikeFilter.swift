import ReplanNumerics
public import ReplanRecord

/// Finds samples that no plant can have produced: a single one far off, between two that agree.
///
/// A sensor that loses count, or a filter that differentiates the jump, leaves such spikes. Fitting
/// would bend the model to them, and one of them outweighs hundreds of honest errors in a sum of
/// squares. A fall, a collision or a step of the action is none: after it the signal stays where it
/// went. A sample is a spike if its distance from the middle of its neighbours is beyond `factor`
/// times what 99 % of the channel's samples have, and beyond four times the distance of the
/// neighbours.
///
/// - Source: the Hampel identifier: Davies and Gather 1993, doi 10.1080/01621459.1993.10476339; with
///   a quantile for the median, as most samples of a recording may be at rest.
public struct SpikeFilter: Sendable {
  /// A sample that was left out.
  public struct Spike: Sendable, Equatable {
    /// Index of the trajectory before it was parted, and of the sample in it.
    public var trajectory: Int
    public var sample: Int
    public var channel: Int
    public var value: Float
  }

  public var isAngle: [Bool]
  public var factor: Float = 10
  /// With fewer samples there is no telling what is usual.
  public static let fewest = 50

  public init(isAngle: [Bool]) { self.isAngle = isAngle }

  /// The distance beyond which a sample may be a spike, for each channel.
  public func limits(_ trajectories: [Trajectory]) -> [Float] {
    isAngle.indices.map { limit(trajectories, channel: $0) }
  }

  /// Parts trajectories at their spikes; nothing is carried across one.
  ///
  /// - Parameter limits: what `limits` found, over these trajectories or more.
  public func apply(
    _ trajectories: [Trajectory], limits: [Float]
  ) -> (trajectories: [Trajectory], spikes: [Spike]) {
    var spikes: [Spike] = []
    var result: [Trajectory] = []
    for (t, trajectory) in trajectories.enumerated() {
      var dropped = Set<Int>()
      for channel in isAngle.indices {
        for k in 1..<max(trajectory.count, 1) {
          guard let (off, apart) = distances(trajectory, channel, k), off > limits[channel],
            off > 4 * apart
          else { continue }
          if dropped.insert(k).inserted {
            let value = trajectory.states[k * trajectory.stateCount + channel]
            spikes.append(Spike(trajectory: t, sample: k, channel: channel, value: value))
          }
        }
      }
      result += dropped.isEmpty ? [trajectory] : trajectory.parted(at: dropped)
    }
    return (result, spikes)
  }

  /// How far sample k is from the middle of its neighbours, and those from one another.
  private func distances(
    _ trajectory: Trajectory, _ channel: Int, _ k: Int
  ) -> (off: Float, apart: Float)? {
    func value(_ sample: Int) -> Float {
      trajectory.states[sample * trajectory.stateCount + channel]
    }
    var (back, ahead) = (value(k - 1) - value(k), value(k + 1) - value(k))
    if isAngle[channel] { (back, ahead) = (wrappedAngle(back), wrappedAngle(ahead)) }
    let (off, apart) = ((0.5 * (back + ahead)).magnitude, (ahead - back).magnitude)
    return off.isFinite && apart.isFinite ? (off, apart) : nil
  }

  private func limit(_ trajectories: [Trajectory], channel: Int) -> Float {
    var all: [Float] = []
    for trajectory in trajectories {
      for k in 1..<max(trajectory.count, 1) {
        if let (off, _) = distances(trajectory, channel, k) { all.append(off) }
      }
    }
    guard all.count >= Self.fewest else { return .infinity }
    all.sort()
    let usual = all[all.count * 99 / 100]
    return usual > 0 ? factor * usual : .infinity
  }
}

extension Trajectory {
  /// The runs between samples that are left out.
  fileprivate func parted(at dropped: Set<Int>) -> [Trajectory] {
    var runs: [Trajectory] = []
    var run: Trajectory?
    for k in 0...count {
      if dropped.contains(k) {
        if let whole = run, whole.count > 0 { runs.append(whole) }
        run = nil
      } else if run == nil {
        run = Trajectory(actionCount: actionCount, start: Array(state(k)))
      } else {
        run!.append(action: Array(action(k - 1)), state: Array(state(k)))
      }
    }
    if let whole = run, whole.count > 0 { runs.append(whole) }
    return runs
  }
}
