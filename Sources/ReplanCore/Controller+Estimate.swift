import ReplanNumerics

/// The stage that says where the plant is.
extension Controller {
  /// The state at this tick: the observation, as the estimator completes it, or the last state
  /// predicted under the action that was in force since.
  @inline(always)
  mutating func updateEstimate(_ observation: Observation, isAccepted: Bool) {
    guard isAccepted else {
      differentiator.pass()
      if model.isReady { predictEstimate() }
      return
    }
    let isPredicted = isFiltered
    if isPredicted {
      predictEstimate()
      if filter!.correct(estimate, by: observation) {
        keepDifferences(observation)
        return
      }
    }
    // What was predicted has its memory moved on already.
    if hasEstimate && !isPredicted { remember() }
    take(observation)
    filter?.start()
  }

  /// True if the filter goes on from the last tick.
  @inline(always)
  private var isFiltered: Bool {
    guard let filter else { return false }
    return filter.isTracking && hasEstimate && model.isReady
  }

  /// One tick on, with the covariance where there is one.
  @inline(always)
  mutating func predictEstimate() {
    if isFiltered {
      filter!.predict(estimate, under: departed, model)
    } else {
      predict(estimate, under: departed)
    }
  }

  /// The observation as the state, velocities from the change of positions.
  @inline(always)
  private mutating func take(_ observation: borrowing Observation) {
    for i in 0..<measuredCount where !isEstimated[i] {
      estimate[i] = observation.values[i]
    }
    differentiator.update(estimate, elapsed: observation.elapsedSamples)
    // Before its first observation a plant is taken to have been at rest under the safe action.
    if !hasEstimate {
      for i in measuredCount..<settings.stateCount {
        estimate[i] = memorySource(i)
      }
    }
    hasEstimate = true
  }

  /// Differences of the samples go on beside the filter, which may have to start anew from them.
  @inline(always)
  private mutating func keepDifferences(_ observation: borrowing Observation) {
    for i in 0..<measuredCount { sampled[i] = observation.values[i] }
    differentiator.update(sampled, elapsed: observation.elapsedSamples)
  }

  /// Lets the memory take over what it repeats.
  @inline(always)
  private func remember() {
    // Downwards, as each channel repeats one that stands before it.
    var i = settings.stateCount - 1
    while i >= measuredCount {
      estimate[i] = memorySource(i)
      i -= 1
    }
  }

  /// What memory channel `i` repeats, as it is in the estimate and over the last tick.
  @inline(always)
  private func memorySource(_ i: Int) -> Float {
    let source = sources[i - measuredCount]
    let stateCount = settings.stateCount
    return source < stateCount ? estimate[source] : departed[source - stateCount]
  }

  /// Replaces a state by its prediction one tick on, under the mean of the members.
  @inline(always)
  func predict(_ state: UnsafeMutablePointer<Float>, under action: ActionVector) {
    let stateCount = settings.stateCount
    let actionCount = settings.actionCount
    if case .ensemble(let ensemble) = model {
      for i in 0..<actionCount { chosen[i] = action[i] }
      ensemble.predictMean(point: state, chosen, into: next)
      for i in 0..<stateCount { state[i] = next[i] }
      return
    }
    for i in 0..<stateCount { stateLanes[i] = Lanes(repeating: state[i]) }
    for i in 0..<actionCount { actionLanes[i] = Lanes(repeating: action[i]) }
    model.predictMean(stateLanes, actionLanes, vectors: 1, into: nextLanes)
    for i in 0..<stateCount { state[i] = nextLanes[i][0] }
  }
}
