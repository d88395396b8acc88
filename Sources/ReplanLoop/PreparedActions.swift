public import ReplanCore
public import ReplanRecord

/// Actions that an episode plays as they were prepared, in memory that the tick reads.
public final class PreparedActions: Sendable {
  /// What is played; the episode's file gets it.
  public let table: PreparedTable
  /// How it was designed, for people and for the episode's file.
  public let design: String
  // SAFETY: written in `init` only; afterwards read-only, so it may be shared.
  private nonisolated(unsafe) let memory: UnsafeMutablePointer<Float>

  public init(_ table: PreparedTable, design: String) {
    self.table = table
    self.design = design
    memory = .allocate(capacity: max(table.values.count, 1))
    memory.initialize(repeating: 0, count: max(table.values.count, 1))
    for (i, value) in table.values.enumerated() { memory[i] = value }
  }

  deinit { memory.deallocate() }

  /// The policy that plays it; valid as long as this object.
  public var policy: BasePolicy {
    .table(ActionTable(actions: UnsafePointer(memory), ticks: table.ticks))
  }
}
