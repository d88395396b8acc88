import ReplanCore
import ReplanLoop
import ReplanRecord
import ReplanRobot

extension EpisodeSeries {
  /// Judges a new model against the one in use on recorded episodes, and takes it unless it is clearly
  /// worse; then the controller goes on with what it has.
  ///
  /// While no episode is held out, the newest judges: the model in use has never seen it, the new one
  /// has. That comparison can only convict the new one, never acquit it, and is told as such.
  func consider(_ fitted: ModelFit.Fitted) throws(LearningError) {
    var ledger = try recording { () throws(RecordError) in try workspace.ledger() ?? ModelLedger() }
    let running = try runningModel()
    let (judge, judged) = (ModelJudge(robot: robot), fitted.judged)
    let promotion: Promotion
    do throws(LearnError) {
      promotion = Promotion(
        candidate: fitted.errors,
        running: try running.flatMap { model throws(LearnError) in
          try judge.errors(of: model.stored.model, on: judged)
        },
        worse: robot.promotion.worse, demandsCalibration: false)
    } catch {
      throw .learn(error)
    }
    let entry = ModelLedger.Entry(model: fitted.index, hash: fitted.event.hash)
    if let objection = promotion.objection {
      ledger.reject(entry.model, reason: objection)
    } else {
      ledger.promote(entry)
    }
    try recording { () throws(RecordError) in try workspace.store(ledger) }
    try note(
      .promotion(
        LearnEvent.Promotion(
          file: fitted.event.file, hash: entry.hash, promoted: promotion.objection == nil,
          reason: promotion.objection, ratios: promotion.ratios, steps: fitted.errors?.steps ?? [],
          episodes: fitted.errors?.episodes ?? "", isHeldOut: judged.isHeldOut)))
    if promotion.objection == nil {
      host.adopt(fitted.block)
    } else if !host.hasModel, let running {
      // Otherwise the controller has that one, or a refit from inside the last episode.
      host.adopt(running.block)
    }
  }

  /// The stored model in use, if it is one that the controller can take.
  private func runningModel() throws(LearningError) -> (stored: StoredModel, block: ModelBlock)? {
    try recording { () throws(RecordError) in
      // A workspace of an earlier version has no ledger, and its newest model may be any.
      guard try workspace.ledger()?.running != nil, let item = try workspace.runningModel() else {
        return nil
      }
      guard let stored = try? StoredModel.load(item.path, for: robot),
        case .ensemble = stored.model
      else { return nil }
      return (stored, ModelBlock(stored))
    }
  }
}

extension EpisodeSeries {
  /// Runs a short episode with the model that `host` has adopted, under the robot file's gate.
  ///
  /// - Returns: what speaks against the model; nil if nothing does.
  public func runCanary(seconds: Double) throws(LearningError) -> String? {
    try begin("promote")
    let ticks = robot.ticks(in: seconds)
    var objection: String?
    _ = try concluding { () throws(LearningError) in
      let result = try perform(
        EpisodeOptions(
          kind: .mpc, mode: .plan, maximumTicks: ticks, stopsOnSuccess: false,
          initialState: initialState(), keepsToKnown: true))
      if result.end == .guardStopped {
        objection = "the guard stopped its episode in the plant"
      } else if 5 * result.fallbacks > result.ticks {
        objection =
          "the fallback acted in \(result.fallbacks) of the \(result.ticks) ticks of its episode in "
          + "the plant"
      } else if result.end != .timeUp && result.end != .success {
        objection = "its episode in the plant ended early: \(result.end.rawValue)"
      }
      return try finish(objection == nil, objection ?? "the canary's episode went well")
    }
    return objection
  }
}
