import Synchronization

/// Hands a model that was fitted beside the running loop over to the control thread.
///
/// The fitting side posts, the control thread takes; neither waits for the other but in lockstep,
/// where the adoption tick is fixed. Posted models are kept alive until the mailbox goes.
final class ModelMailbox: Sendable {
  /// The result of a refit.
  struct Posting {
    /// The tick at which the refit had started.
    var start: Int
    /// Address of the newest model's parameters; 0 before the first, the earlier one after a
    /// refit that failed.
    var address: UInt
  }

  /// Everything posted, in memory that lives as long as the mailbox.
  private struct Kept: @unchecked Sendable {
    // SAFETY: unchecked for the pointers, which are freed by the mailbox's `deinit` only.
    var blocks: [ModelBlock] = []
    var postings: [UnsafeMutablePointer<Posting>] = []
  }

  /// Address of the newest posting; tick and model are read as one.
  private let newest = Atomic<UInt>(0)
  private let kept = Mutex(Kept())

  deinit {
    kept.withLock { kept in for posting in kept.postings { posting.deallocate() } }
  }

  /// Posts the result of the refit that started at `tick`; nil if it failed.
  func post(_ block: ModelBlock?, startedAt tick: Int) {
    let address = block.map { UInt(bitPattern: $0.parameters) } ?? latest?.address ?? 0
    let posting = UnsafeMutablePointer<Posting>.allocate(capacity: 1)
    posting.initialize(to: Posting(start: tick, address: address))
    let published = UInt(bitPattern: posting)
    kept.withLock { kept in
      if let block { kept.blocks.append(block) }
      if let posting = UnsafeMutablePointer<Posting>(bitPattern: published) {
        kept.postings.append(posting)
      }
    }
    newest.store(published, ordering: .releasing)
  }

  /// The newest posting, if there is one.
  var latest: Posting? {
    // SAFETY: the address came from a posting that `kept` holds, written before it was published.
    UnsafePointer<Posting>(bitPattern: newest.load(ordering: .acquiring))?.pointee
  }

  /// The start tick of the newest finished refit; -1 before the first.
  var finishedStart: Int { latest?.start ?? -1 }

  /// The model whose parameters lie at an address. Not for the control thread: it locks.
  func block(at address: UInt) -> ModelBlock? {
    kept.withLock { $0.blocks.first { UInt(bitPattern: $0.parameters) == address } }
  }
}
