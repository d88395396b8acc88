import Foundation
import ReplanCore
public import ReplanLearn
import ReplanRecord
import ReplanRobot

/// Identifies equations of motion, then fits the robot's ensemble to what they leave over in a tick.
public struct HybridIdentification: IdentificationMethod {
  public let kind = "hybrid"
  public var physics: GreyBoxIdentification
  public var settings: TrainingSettings

  public init(physics: GreyBoxIdentification, settings: TrainingSettings) {
    self.physics = physics
    self.settings = settings
  }

  public func fit(
    _ data: IdentificationData, progress: @escaping @Sendable (IdentificationProgress) -> Void
  ) throws -> IdentifiedModel {
    let equations = try physics.equations(data, progress: progress)
    let residuals = try Self.residuals(equations, data)
    var shape = data.robot.ensembleShape()
    shape.predictsCost = false
    var residual = try Trainer.fit(
      transitions: residuals, structure: equations.structure, shape: shape,
      channels: equations.channels, settings: settings, dataHash: data.hash
    ) { step in
      progress(
        IdentificationProgress(
          "residual: member \(step.member + 1), step \(step.step) of \(step.steps)"))
    }
    // The trainer knows the residual as a change of state; what counts is the error of the whole.
    var model = FittedModel.hybrid(HybridFit(physics: equations, residual: residual))
    residual.training.rmse = try Self.oneStepErrors(model, data, threads: settings.threads)
    var calibrated = equations
    calibrated.summary.spread = try SpreadCalibration.fitted(
      to: model, data.trajectories, seed: settings.seed, threads: settings.threads)
    model = .hybrid(HybridFit(physics: calibrated, residual: residual))
    return IdentifiedModel(identified: model)
  }

  /// Transitions whose change of state is what the equations leave over.
  static func residuals(
    _ fit: PhysicsFit, _ data: IdentificationData
  ) throws(IdentifyError) -> TransitionSet {
    let (n, tick) = (fit.structure.stateCount, Double(fit.structure.tick))
    let simulator = fit.equation.simulator
    let parameters = fit.parameters.map(\.value)
    var set = TransitionSet(stateCount: n, actionCount: fit.structure.actionCount)
    for trajectory in data.trajectories {
      let record = MeasuredRecord(trajectory, tick: tick)
      for k in 0..<trajectory.count
      where trajectory.isPresent(k) && trajectory.isPresent(k + 1) {
        let state = Array(trajectory.state(k))
        let predicted = simulator.simulate(
          record, k..<k + 2, parameters: parameters, start: state.map(Double.init),
          step: tick / Double(fit.substeps))
        let next = trajectory.state(k + 1).enumerated().map { c, value in
          let left = Double(value) - predicted[n + c]
          let change = fit.structure.states[c].isAngle ? remainder(left, 2 * .pi) : left
          return state[c] + Float(change)
        }
        set.append(state: state, action: Array(trajectory.action(k)), nextState: next)
      }
    }
    guard set.count > 0 else {
      let isMeasured = data.trajectories.map { MeasuredRecord($0, tick: tick).isMeasured }
      let hidden = (0..<n).filter { c in !isMeasured.contains { $0[c] } }
      throw .unmeasured(channels: hidden.map { data.robot.observation[$0].name })
    }
    return set
  }

  private static func oneStepErrors(
    _ model: FittedModel, _ data: IdentificationData, threads: Int
  ) throws(LearnError) -> [Float] {
    var validation = ValidationSettings()
    validation.horizons = [1]
    validation.threads = threads
    let found = try IdentifiedModel(model).validate(data.trajectories, settings: validation)
    return found.channels.indices.map {
      Float(found.figures(channel: $0, horizon: .steps(1))?.rmse ?? .nan)
    }
  }
}
