import ReplanCore
import ReplanNumerics
import ReplanRecord

/// What a fitted ensemble's errors on trajectories say of its noise, its accuracy and its spread.
struct SequenceJudgement {
  let model: EnsembleModel
  let trajectories: [Trajectory]
  let settings: SequenceSettings
  /// More windows tell the factors of the spread no better.
  static let mostWindows = 4000
  /// Ticks over which the spread is calibrated at least: plans look so far, and simulations further.
  static let calibratedTicks = 100

  init(model: EnsembleModel, judging: [Trajectory], settings: SequenceSettings) {
    self.model = model
    trajectories = judging
    self.settings = settings
  }

  /// Fills in constant noise, one-step errors, usual disagreement and, from held-out trajectories,
  /// the calibration of the spread.
  func complete(_ result: inout EnsembleModel, isHeldOut: Bool) throws(LearnError) {
    let structure = model.structure
    let set = TransitionSet(
      stateCount: structure.stateCount, actionCount: structure.actionCount, trajectories)
    guard set.count > 0 else { return }
    if model.shape.noise == .constant { result.noiseVariance = residualVariances(set) }
    let isAngle = (0..<structure.stateCount).map { structure.states[$0].isAngle }
    var openLoop = OpenLoop(isAngle: isAngle)
    openLoop.seed = settings.training.seed
    openLoop.threads = settings.training.threads
    let ticks = max(settings.judgedTicks, Self.calibratedTicks)
    let all = Forecasts.Start.windows(of: trajectories, steps: ticks)
    let stride = max(1, all.count / Self.mostWindows)
    let starts = Swift.stride(from: 0, to: all.count, by: stride).map { all[$0] }
    let judged = result
    let forecasts = try openLoop.forecast(trajectories, from: starts, steps: ticks) {
      CorePredictor(judged)
    }
    let errors = ForecastErrors(forecasts, of: trajectories, isAngle: isAngle)
    result.training.rmse = (0..<structure.measuredCount).map {
      Float(errors.figures(channel: $0, horizon: .steps(1), steps: 1...1).rmse)
    }
    if isHeldOut {
      result.training.spread = SpreadCalibration(errors, stateCount: structure.stateCount)
    }
    guard settings.training.calibrates, model.shape.memberCount > 1 else { return }
    let rows = Array(Swift.stride(from: 0, to: set.count, by: max(1, set.count / 2000)))
    let values = Calibration.disagreements(result, set, rows).sorted()
    let place = Int((Float(values.count - 1) * Calibration.quantile).rounded())
    guard values[place].isFinite else { return }
    result.training.disagreement = DisagreementQuantile(
      quantile: Calibration.quantile, value: values[place], transitions: values.count)
  }

  /// Mean squared one-tick residual of each member's normalised outputs.
  private func residualVariances(_ set: TransitionSet) -> [Float] {
    let shape = model.shape
    let structure = model.structure
    let predicted = SequencePlaces(structure).predicted
    let predictor = CorePredictor(model)
    var squares = [Double](repeating: 0, count: shape.memberCount * shape.meanCount)
    let states = structure.stateCount
    let zero = [Lanes](repeating: Lanes(repeating: 0), count: predictor.noiseCount)
    var state = [Lanes](repeating: Lanes(), count: states)
    var action = [Lanes](repeating: Lanes(), count: structure.actionCount)
    var next = state
    var start = 0
    while start < set.count {
      let lanes = min(16, set.count - start)
      for lane in 0..<16 {
        let row = start + min(lane, lanes - 1)
        for c in 0..<states { state[c][lane] = set.states[row * states + c] }
        for a in 0..<structure.actionCount {
          action[a][lane] = set.actions[row * structure.actionCount + a]
        }
      }
      for member in 0..<shape.memberCount {
        predictor.predict(
          member: member, state, action, vectors: 1, normals: zero, into: &next)
        for (j, c) in predicted.enumerated() {
          for lane in 0..<lanes {
            var error = next[c][lane] - set.nextStates[(start + lane) * states + c]
            if structure.states[c].isAngle { error = wrappedAngle(error) }
            let normal = Double(error / model.outputScale[j])
            squares[member * shape.meanCount + j] += normal * normal
          }
        }
      }
      start += lanes
    }
    return squares.map { max(Trainer.leastNoise, Float($0 / Double(set.count))) }
  }
}
