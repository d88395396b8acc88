/// Asks a person to do something to the plant, and waits until it is done.
///
/// - Parameters:
///   - request: what is to be done, as a sentence.
///   - seconds: how long there is for it.
///   - isStopRequested: polled several times a second.
/// - Returns: what came of it.
public typealias OperatorPrompt =
  @Sendable (
    _ request: String, _ seconds: Double, _ isStopRequested: @Sendable () -> Bool
  ) -> OperatorAnswer

/// What a person who was asked has answered.
public enum OperatorAnswer: Sendable, Equatable {
  case done
  case refused
  /// The time was over, or somebody asked for the run to stop.
  case unanswered
  /// Nobody can answer any more: the terminal has ended.
  case gone
}
