import ReplanCore
public import ReplanLearn
public import ReplanRecord

/// Finds the initial value of states that a record does not hold, so that it can be simulated.
///
/// With the parameters known, the first samples of what was measured tell it; nothing later is used.
struct StateCompletion: Sendable {
  let fit: PhysicsFit
  /// Samples that tell the initial state.
  static let samples = 50

  /// The same trajectories, their first state whole.
  func complete(_ trajectories: [Trajectory]) -> [Trajectory] {
    trajectories.map { $0.isPresent(0) ? $0 : completed($0) }
  }

  private func completed(_ trajectory: Trajectory) -> Trajectory {
    let tick = Double(fit.structure.tick)
    let record = MeasuredRecord(trajectory, tick: tick)
    let channels = 0..<fit.structure.stateCount
    let isMeasured = record.isMeasured
    // A sample that is missing for once is no state that was never measured.
    guard isMeasured.contains(false), isMeasured.contains(true) else { return trajectory }
    let problem = ShootingProblem(
      simulator: fit.equation.simulator,
      windows: [Window(record: record, samples: 0..<min(Self.samples, record.count))],
      isAngle: channels.map { fit.structure.states[$0].isAngle },
      step: tick / Double(fit.substeps), free: [], bounds: [],
      noise: channels.map { c in
        let noise = c < fit.summary.measurementNoise.count ? fit.summary.measurementNoise[c] : 1
        return noise.isFinite && noise > 0 ? noise : 1
      })
    var start = problem.measuredStarts()[0]
    for c in channels where !isMeasured[c] && c < fit.summary.firstState.count {
      start[c] = fit.summary.firstState[c]
    }
    let point = ShootingProblem.Point(parameters: fit.parameters.map(\.value), starts: [start])
    let found = LevenbergMarquardt().minimize(problem, from: point)?.point.starts[0] ?? start
    let first = channels.map { c in
      trajectory.states[c].isFinite ? trajectory.states[c] : Float(found[c])
    }
    var result = Trajectory(actionCount: trajectory.actionCount, start: first)
    for k in 0..<trajectory.count {
      result.append(
        action: Array(trajectory.action(k)), state: Array(trajectory.state(k + 1)))
    }
    return result
  }
}

extension IdentifiedModel {
  /// A model that was identified or read; one of physics finds initial states that were not measured.
  public init(identified model: FittedModel) {
    self.init(model)
    if case .physics(let fit) = model {
      complete = { StateCompletion(fit: fit).complete($0) }
    }
  }
}
