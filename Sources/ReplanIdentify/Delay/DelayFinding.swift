import ReplanCore
public import ReplanLearn
public import ReplanRecord
public import ReplanRobot

/// The latency that records show, beside what the robot file says of it.
public struct DelayFinding: Sendable {
  /// nil where the records are too short to tell, or nothing moves.
  public let estimate: DelayEstimate?
  /// `latency` of the robot file; nil where it has none.
  public let declared: Int?

  /// Estimates it from recordings as they are, without the latency of the robot file.
  public init(_ paths: [String], by run: IdentificationRun) throws(RecordError) {
    var silent = run
    silent.emit = { _ in }
    silent.robot = run.robot.assuming(latency: 0, overriding: true)
    let data = try silent.read(paths, role: "data")
    estimate = DelayEstimate(data.trajectories, run.robot.structure())
    declared = run.robot.isLatencyDeclared ? run.robot.latency : nil
  }

  /// Ticks to go by: those of the robot file, otherwise those that the records show clearly; nil where
  /// neither tells.
  public var ticks: Int? { declared ?? (estimate?.isClear == true ? estimate?.ticks : nil) }

  /// What to tell the user; nil where there is no estimate.
  public var event: IdentificationEvent? {
    guard let estimate else { return nil }
    return .delay(
      IdentificationEvent.Delay(
        ticks: estimate.ticks, confidence: estimate.confidence, isClear: estimate.isClear,
        declared: declared, used: ticks, shortfalls: estimate.shortfalls,
        samples: estimate.samples))
  }
}
