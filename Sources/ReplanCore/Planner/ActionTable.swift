/// Actions that were prepared before the episode, one a tick: an excitation designed as a whole.
///
/// - Shapes: [ticks × A], row-major; each action's own unit.
public struct ActionTable: @unchecked Sendable, BitwiseCopyable, Equatable {
  // SAFETY: unchecked, because what the pointer leads to is written before the episode and only read
  // from then on; whoever made the table keeps it for as long as the mode is in use.
  public let actions: UnsafePointer<Float>
  public let ticks: Int

  /// - Precondition: the memory holds [ticks × A] finite numbers and outlives the episode.
  public init(actions: UnsafePointer<Float>, ticks: Int) {
    self.actions = actions
    self.ticks = ticks
  }
}
