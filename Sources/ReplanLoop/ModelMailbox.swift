import Synchronization

/// Hands a model that was fitted beside the running loop over to the control thread.
///
/// The fitting side posts, the control thread takes; neither waits for the other but in lockstep,
/// where the adoption tick is fixed. Posted models are kept alive until the mailbox goes.
final class ModelMailbox: Sendable {
  private let newest = Atomic<UInt>(0)
  /// The tick at which the last finished refit had started; -1 before the first.
  private let finished = Atomic<Int>(-1)
  private let kept = Mutex<[ModelBlock]>([])

  /// Posts the result of the refit that started at `tick`; nil if it failed.
  func post(_ block: ModelBlock?, startedAt tick: Int) {
    if let block {
      kept.withLock { $0.append(block) }
      newest.store(UInt(bitPattern: block.parameters), ordering: .relaxed)
    }
    finished.store(tick, ordering: .releasing)
  }

  /// The start tick of the newest finished refit, once it may be adopted; acquires its model.
  var finishedStart: Int { finished.load(ordering: .acquiring) }

  /// Address of the newest model's parameters, which `kept` keeps alive; 0 before the first.
  var address: UInt { newest.load(ordering: .relaxed) }

  /// The model whose parameters lie at an address. Not for the control thread: it locks.
  func block(at address: UInt) -> ModelBlock? {
    kept.withLock { $0.first { UInt(bitPattern: $0.parameters) == address } }
  }
}
