import ReplanFaults
import ReplanHIL
import ReplanLoop
import ReplanRecord
import ReplanRobot

extension ScenarioObstacle {
  /// Any error that kept a scenario from being run.
  init(_ error: any Error) {
    switch error {
    case let obstacle as ScenarioObstacle: self = obstacle
    case let error as RobotError: self.init(.badFile, error.description)
    case let error as FaultError: self.init(.badFile, error.description)
    case let error as HILError: self.init(plant: error)
    case let error as RecordError: self.init(record: error)
    case let error as LoopError: self.init(loop: error)
    default: self.init(.other, "\(error)")
    }
  }

  private init(plant error: HILError) {
    let isStopped = if case .stopped = error { true } else { false }
    self.init(isStopped ? .stopped : .plantNotReached, error.description)
  }

  private init(loop error: LoopError) {
    switch error {
    case .plant(let error): self.init(plant: error)
    case .noReset, .operatorSilent: self.init(.plantNotReached, error.description)
    case .record(let error): self.init(record: error)
    case .fallbackUnavailable, .gateUnavailable, .notReplayable, .modelUnavailable, .otherSignals:
      self.init(.badFile, error.description)
    case .realtime, .notRealtime, .latched: self.init(.other, error.description)
    }
  }

  /// What cannot be read is a model, as nothing else is read.
  private init(record error: RecordError) {
    switch error {
    case .file, .damaged, .altered, .table, .mapping, .refused, .otherRobot, .notAWorkspace,
      .noCost:
      self.init(.badFile, error.description)
    case .closed, .locked: self.init(.other, error.description)
    }
  }
}
