import ArgumentParser
import Foundation
import ReplanBench
import ReplanDoctor
import ReplanHIL
import ReplanIdentify
import ReplanLearn
import ReplanLive
import ReplanLoop
import ReplanRecord
import ReplanReport
import ReplanRobot
import ReplanSigning
import ReplanSweep

/// The exit codes of every command.
enum Code: Int32 {
  case notAchieved = 1
  case usage = 64
  case data = 65
  case plant = 69
  case internalError = 70
  case file = 74
}

/// A failure in the user's words, with its exit code.
struct Failure: Error, CustomStringConvertible {
  var code: Code
  var description: String
  /// Located faults of a robot file.
  var faults: [Fault] = []

  init(_ code: Code, _ description: String, faults: [Fault] = []) {
    self.code = code
    self.description = description
    self.faults = faults
  }

  /// Any error of the libraries; nil for those that the argument parser reports itself.
  init?(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as RobotError: self.init(robot: error)
    case let error as HILError: self.init(.plant, error.description)
    case let error as SigningError:
      self.init(error.isAboutContent ? .data : .file, error.description)
    case let error as RecordError: self.init(record: error)
    case let error as LoopError: self.init(loop: error)
    case let error as LearnError: self.init(learn: error)
    case let error as ExcitationError: self.init(.usage, error.description)
    case let error as IdentifyError: self.init(.data, error.description)
    case let error as LearningError:
      switch error {
      case .loop(let error): self.init(loop: error)
      case .record(let error): self.init(record: error)
      case .learn(let error): self.init(learn: error)
      }
    case let error as BenchError:
      switch error {
      case .realtime: self.init(.internalError, error.description)
      case .learn(let error): self.init(learn: error)
      case .loop(let error): self.init(loop: error)
      case .ended: self.init(.notAchieved, error.description)
      case .cyclicTest, .page: self.init(.notAchieved, error.description)
      }
    case let error as DoctorError: self.init(doctor: error)
    case let error as ReportError: self.init(report: error)
    case let error as LiveError: self.init(live: error)
    case let error as SweepError: self.init(sweep: error)
    case is ExitCode, is ValidationError, is CleanExit: return nil
    default: self.init(.internalError, "\(error)")
    }
  }

  private init(robot error: RobotError) {
    let isFile = if case .unreadable = error { true } else { false }
    self.init(isFile ? .file : .data, error.description, faults: error.faults)
  }

  private init(record error: RecordError) {
    switch error {
    case .damaged, .altered, .table, .mapping, .otherRobot, .refused, .noCost, .notAWorkspace:
      self.init(.data, error.description)
    case .file, .closed, .locked: self.init(.file, error.description)
    }
  }

  private init(loop error: LoopError) {
    switch error {
    case .plant, .noReset, .operatorSilent: self.init(.plant, error.description)
    case .record(let error): self.init(record: error)
    case .realtime: self.init(.internalError, error.description)
    case .fallbackUnavailable, .gateUnavailable, .notReplayable: self.init(.data, error.description)
    case .latched, .modelUnavailable: self.init(.notAchieved, error.description)
    case .otherSignals: self.init(.usage, error.description)
    case .notRealtime: self.init(.plant, error.description)
    }
  }

  private init(report error: ReportError) {
    switch error {
    case .record(let error): self.init(record: error)
    case .noEpisode: self.init(.data, error.description)
    case .noDygraphs, .noBrowser, .unwritable: self.init(.file, error.description)
    case .browserFailed: self.init(.internalError, error.description)
    }
  }

  private init(doctor error: DoctorError) {
    switch error {
    case .plant, .silent: self.init(.plant, error.description)
    case .realtime: self.init(.internalError, error.description)
    case .tooShort, .stopped: self.init(.notAchieved, error.description)
    }
  }

  private init(live error: LiveError) {
    switch error {
    case .record(let error): self.init(record: error)
    case .robot(let error): self.init(robot: error)
    case .noWorkspace: self.init(.data, error.description)
    case .address, .noToken, .token, .cannotListen: self.init(.usage, error.description)
    }
  }

  private init(sweep error: SweepError) {
    switch error {
    case .otherJob, .notAJob: self.init(.data, error.description)
    case .inUse, .file, .missing: self.init(.file, error.description)
    case .refused: self.init(.notAchieved, error.description)
    }
  }

  private init(learn error: LearnError) {
    switch error {
    case .invalidSettings, .mismatch, .tooFewTransitions, .notFinite, .noCost, .plantWithoutCost,
      .nothingToJudge:
      self.init(.data, error.description)
    case .diverged, .cancelled, .threadRefused: self.init(.internalError, error.description)
    }
  }
}
