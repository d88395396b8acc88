import ReplanCore
public import ReplanLearn
import ReplanLoop
import ReplanRecord
import ReplanRobot

/// Identifies the parameters of the equations of motion that a robot's file names.
public struct GreyBoxIdentification: IdentificationMethod {
  public let kind = "physics"
  /// Length of the windows, s; nil for the fit's own choice.
  public var window: Double?
  public var seed: UInt64 = 1
  public var threads = 1
  /// Told of every parameter once the fit has ended.
  public var told: @Sendable (IdentificationEvent) -> Void = { _ in }
  public var isCancelled: @Sendable () -> Bool = { false }

  public init() {}

  public func fit(
    _ data: IdentificationData, progress: @escaping @Sendable (IdentificationProgress) -> Void
  ) throws -> IdentifiedModel {
    var fit = try equations(data, progress: progress)
    fit.summary.spread = try SpreadCalibration.fitted(
      to: .physics(fit), data.trajectories, seed: seed, threads: threads)
    return IdentifiedModel(identified: .physics(fit))
  }

  /// The equations with fitted parameters.
  func equations(
    _ data: IdentificationData, progress: @escaping @Sendable (IdentificationProgress) -> Void
  ) throws(IdentifyError) -> PhysicsFit {
    let robot = data.robot
    guard let physics = robot.model.physics else { throw .noPhysics(robot: robot.name) }
    let records = data.recordings.flatMap {
      MeasuredRecord.records(of: $0, latency: robot.latency, tick: robot.period)
    }
    guard records.contains(where: { $0.measurements > 0 }) else {
      throw .nothingMeasured(channels: robot.observation.map(\.name))
    }
    var search = GreyBoxFit(
      physics.equation.core.simulator,
      parameters: physics.parameters.map(GreyBoxFit.Parameter.init),
      isAngle: robot.observation.map { $0.kind == .angle })
    search.settings.step = robot.period / Double(physics.substeps)
    search.settings.window = window
    search.settings.seed = seed
    search.progress = { progress(IdentificationProgress("\(physics.equation.rawValue): \($0)")) }
    search.isCancelled = isCancelled
    let result = try search.fit(records)
    tell(result, physics)
    return stored(result, physics, records, data)
  }

  private func tell(_ result: GreyBoxFit.Result, _ physics: PhysicsDescription) {
    for (index, parameter) in physics.parameters.enumerated() {
      told(
        .parameter(
          IdentificationEvent.Parameter(
            name: parameter.name, unit: parameter.unit, value: result.parameters[index],
            deviation: result.deviation(index), interval: result.intervals[index],
            origin: result.origin(index, parameter.isFixed).rawValue)))
    }
    let names = physics.parameters.map(\.name)
    for group in result.identifiability.confounded {
      told(
        .confounded(
          IdentificationEvent.Confounded(parameters: group.map { names[$0] }, correlation: nil)))
    }
    for pair in result.identifiability.correlated {
      told(
        .confounded(
          IdentificationEvent.Confounded(
            parameters: [names[pair.first], names[pair.second]], correlation: pair.correlation)))
    }
  }

  private func stored(
    _ result: GreyBoxFit.Result, _ physics: PhysicsDescription, _ records: [MeasuredRecord],
    _ data: IdentificationData
  ) -> PhysicsFit {
    let robot = data.robot
    let errors = OneStepErrors(
      data.trajectories, simulator: physics.equation.core.simulator, parameters: result.parameters,
      isAngle: robot.observation.map { $0.kind == .angle }, tick: robot.period,
      step: robot.period / Double(physics.substeps))
    var summary = IdentificationSummary()
    summary.transitions = data.trajectories.reduce(0) { $0 + $1.count }
    summary.records = records.count
    summary.seconds = records.reduce(0) { $0 + $1.times[$1.count - 1] - $1.times[0] }
    summary.method = "multiple shooting over \(result.windows) windows, Levenberg-Marquardt"
    summary.assumption = "output-error"
    summary.rmse = errors.rmse.map { Float($0) }
    summary.measurementNoise = result.noise
    summary.dataHash = data.hash
    summary.firstState = result.starts[0]
    return PhysicsFit(
      structure: robot.structure(),
      channels: robot.observation.map(\.name) + robot.action.map(\.name),
      equation: physics.equation.core, substeps: physics.substeps,
      parameters: physics.parameters.enumerated().map { index, parameter in
        PhysicsFit.Parameter(
          name: parameter.name, unit: parameter.unit, value: result.parameters[index],
          origin: result.origin(index, parameter.isFixed))
      }, covariance: result.covariance,
      noiseVariance: errors.rmse.map { $0.isFinite ? $0 * $0 : 0 }, summary: summary)
  }
}

extension GreyBoxFit.Parameter {
  fileprivate init(_ parameter: PhysicsDescription.Parameter) {
    self.init(
      parameter.name, start: parameter.start, parameter.bounds.low...parameter.bounds.high,
      isFixed: parameter.isFixed)
  }
}

extension GreyBoxFit.Result {
  fileprivate func origin(_ index: Int, _ isFixed: Bool) -> PhysicsFit.Origin {
    isFixed ? .fixed : isDetermined[index] ? .fitted : .undetermined
  }
}
