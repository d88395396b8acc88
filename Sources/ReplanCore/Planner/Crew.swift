/// Who carries out the parts of a tick's work: the caller alone, or threads that it was given.
///
/// The core starts no threads. A host that has some passes a function of the C convention, which
/// calls `body(argument, part)` once for each part in `0..<parts`, part 0 on the calling thread,
/// and returns when all have returned. Parts may run in any order and side by side. What a part
/// wrote before must be visible to the caller then, and what the caller wrote to each part.
///
/// ```swift
/// controller.employ(Crew(context: threads.context, run: WorkerThreads.run))
/// ```
public struct Crew: BitwiseCopyable {
  /// A part of the work: its argument, its number.
  public typealias Body = @convention(c) (UnsafeMutableRawPointer?, Int) -> Void
  /// Context, body, the body's argument, number of parts.
  public typealias Run =
    @convention(c) (
      UnsafeMutableRawPointer?, Body, UnsafeMutableRawPointer?, Int
    ) -> Void

  private let context: UnsafeMutableRawPointer?
  private let run: Run?

  /// The caller alone: one part after the other.
  public init() {
    context = nil
    run = nil
  }

  /// - Precondition: `run` neither allocates nor locks, and `context` outlives the controller.
  public init(context: UnsafeMutableRawPointer?, run: @escaping Run) {
    self.context = context
    self.run = run
  }

  /// Carries out all parts.
  @_noAllocation @_noLocks
  func share(_ parts: Int, _ argument: UnsafeMutableRawPointer?, _ body: Body) {
    // The compiler cannot see through a function's address: bodies are annotated themselves, and
    // the host answers for its threads.
    _unsafePerformance {
      guard let run, parts > 1 else {
        for part in 0..<parts { body(argument, part) }
        return
      }
      run(context, body, argument, parts)
    }
  }
}
