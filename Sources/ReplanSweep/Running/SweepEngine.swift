/// What runs the jobs of a sweep.
public protocol SweepEngine: Sendable {
  /// Runs jobs until all have ended or a stop is asked for; one that fails does not hinder others.
  ///
  /// - Parameter tell: called in the order in which it happens.
  /// - Throws: if no job can be run at all.
  func run(
    _ jobs: [SweepJob], in folder: SweepFolder, tell: @escaping @Sendable (SweepProgress) -> Void
  ) async throws(SweepError)
}

/// What happens to the jobs of a sweep.
public enum SweepProgress: Sendable {
  /// The queue has taken them under this number.
  case queued(jobs: Int, number: String)
  case started(SweepJob)
  /// It ran to its end, or failed.
  case ended(SweepJob, JobResult)
  /// It left no result: interrupted, or killed.
  case brokeOff(SweepJob, reason: String)
}
