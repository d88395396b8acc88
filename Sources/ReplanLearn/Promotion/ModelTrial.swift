import ReplanCore
public import ReplanLoop
public import ReplanRecord
public import ReplanRobot

/// A model judged from all sides, without a plant.
public struct ModelTrial: Sendable {
  public let model: Int
  public let judged: JudgedEpisodes
  /// Of the model; nil if there is nothing to judge it on.
  public let candidate: ModelProvenance.Errors?
  /// Of the model in use, on the same episodes; nil if there is none or it is this one.
  public let running: ModelProvenance.Errors?
  /// Number of the model in use.
  public let runningModel: Int?
  public let promotion: Promotion
  public let canary: CanaryReport

  /// What speaks against the model.
  public var objections: [String] {
    [promotion.objection, canary.objection].compactMap { $0 }
  }

  /// - Throws: `record` for files that cannot be read, `learn` for a model that cannot be judged so.
  public init(
    _ stored: StoredModel, _ item: Workspace.Item, of workspace: Workspace,
    robot: RobotDescription, ledger: ModelLedger
  ) throws(LearningError) {
    model = item.index
    let running: StoredModel?
    do throws(RecordError) {
      judged = try JudgedEpisodes(of: workspace, robot: robot)
      let other = ledger.running.flatMap { $0.model == item.index ? nil : $0 }
      runningModel = other?.model
      // A model in use that is gone or fits no more has nothing to say against another.
      let file = try workspace.models().first { $0.index == other?.model }
      running = file.flatMap { try? StoredModel.load($0.path, for: robot) }
    } catch {
      throw .record(error)
    }
    let judge = ModelJudge(robot: robot)
    do throws(LearnError) {
      candidate = try judge.errors(of: stored.model, on: judged)
      let isComparable = running.map { $0.model.structure.memoryTicks == 0 } ?? false
      self.running =
        isComparable ? try judge.errors(of: running!.model, on: judged) : nil
    } catch {
      throw .learn(error)
    }
    promotion = Promotion(
      candidate: candidate, running: self.running, worse: robot.promotion.worse,
      demandsCalibration: true)
    canary = ModelCanary.replay(stored, robot: robot, trajectories: judged.trajectories)
  }
}
