import Glibc
import ReplanRealtime
public import ReplanRecord
import Synchronization

/// Refits inside an episode: a fit starts every `every` ticks on the data so far, and its model is
/// adopted `adoptAfter` ticks later.
public struct RefitOptions: Sendable {
  /// Ticks between two starts. 1 or more.
  public var every: Int
  /// Ticks from a start to its adoption, 1 to `every`.
  public var adoptAfter: Int
  /// Fits on the transitions of the episode so far; nil if there is no new model. Called on a
  /// thread of its own with the tick at which the refit started.
  public var fit: @Sendable (_ episode: TransitionSet, _ tick: Int) -> ModelBlock?
  /// Called at the episode's end: a fit that is still running may give up.
  public var cancel: @Sendable () -> Void

  public init(
    every: Int, adoptAfter: Int,
    fit: @escaping @Sendable (_ episode: TransitionSet, _ tick: Int) -> ModelBlock?,
    cancel: @escaping @Sendable () -> Void = {}
  ) {
    precondition(every >= 1 && adoptAfter >= 1 && adoptAfter <= every)
    self.every = every
    self.adoptAfter = adoptAfter
    self.fit = fit
    self.cancel = cancel
  }
}

/// Runs the refits of one episode on a thread beside the loop.
final class RefitSchedule: Sendable {
  let every: Int
  let adoptAfter: Int
  let mailbox = ModelMailbox()
  let cancel: @Sendable () -> Void
  private let fit: @Sendable (TransitionSet, Int) -> ModelBlock?
  /// Start tick of the newest refit; one is running until the mailbox says that this one finished.
  private let started = Atomic<Int>(-1)

  init(_ options: RefitOptions) {
    every = options.every
    adoptAfter = options.adoptAfter
    fit = options.fit
    cancel = options.cancel
  }

  /// True if a refit starts at this tick.
  func isDue(at tick: Int) -> Bool { tick > 0 && tick % every == 0 }

  /// True if no refit is running. Asked and changed by the recorder's thread only.
  var isIdle: Bool { mailbox.finishedStart == started.load(ordering: .relaxed) }

  /// Starts a refit on a thread of its own.
  ///
  /// - Returns: the thread; nil if the system has none to give, which means no new model.
  /// - Precondition: `isIdle`.
  func start(_ transitions: TransitionSet, at tick: Int) -> RealtimeThread<Void>? {
    started.store(tick, ordering: .relaxed)
    let options = ThreadOptions(name: "refit", priority: nil)
    do {
      return try RealtimeThread<Void>.start(options) { [self] _ in
        mailbox.post(fit(transitions, tick), startedAt: tick)
      }
    } catch {
      // Lockstep must not wait for a model that nobody fits.
      mailbox.post(nil, startedAt: tick)
      return nil
    }
  }

  /// Lockstep only: waits at tick k + D until the refit of tick k has ended.
  func awaitAdoption(at tick: Int) {
    let start = tick - adoptAfter
    guard isDue(at: start) else { return }
    while mailbox.finishedStart < start { usleep(20) }
  }
}
