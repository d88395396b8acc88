import Synchronization

/// Hands a model that was fitted beside the running loop over to the control thread.
///
/// The fitting side posts, the control thread takes; neither waits for the other but in lockstep,
/// where the adoption tick is fixed. Posted models are kept alive until the mailbox goes.
final class ModelMailbox: Sendable {
  /// Address of the newest model's parameters; 0 before the first.
  private let address = Atomic<UInt>(0)
  /// The tick at which the last finished refit had started; -1 before the first.
  private let finished = Atomic<Int>(-1)
  private let kept = Mutex<[ModelBlock]>([])

  /// Posts the result of the refit that started at `tick`; nil if it failed.
  func post(_ block: ModelBlock?, startedAt tick: Int) {
    if let block {
      kept.withLock { $0.append(block) }
      address.store(UInt(bitPattern: block.parameters), ordering: .relaxed)
    }
    finished.store(tick, ordering: .releasing)
  }

  /// The start tick of the newest finished refit, once it may be adopted; acquires its model.
  var finishedStart: Int { finished.load(ordering: .acquiring) }

  /// Parameters of the newest model, if there is one.
  var parameters: UnsafePointer<Float>? {
    // SAFETY: the address came from a block that `kept` holds.
    UnsafePointer(bitPattern: address.load(ordering: .relaxed))
  }
}
