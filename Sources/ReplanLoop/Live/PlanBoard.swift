import ReplanCore
import ReplanRealtime

/// Where the control thread leaves its newest plan for others to look at.
///
/// Ordinary memory of this process, touched before arming: the control thread copies the plan and goes
/// on, whoever reads, and whether anybody does.
final class PlanBoard: @unchecked Sendable {
  // SAFETY: unchecked, because `lock` tells a reader when what it copied is a mixture.
  private let memory: UnsafeMutableRawPointer
  private let lock: Seqlock
  private let tick: UnsafeMutablePointer<Int>
  private let state: UnsafeMutablePointer<Float>
  private let actions: UnsafeMutablePointer<Float>
  private let stateCount: Int
  private let actionCount: Int

  init(_ configuration: ControllerConfiguration) {
    stateCount = configuration.structure.stateCount
    actionCount = configuration.planner.horizon * configuration.structure.actionCount
    let floats = stateCount + actionCount
    let bytes = PlanBoard.headBytes + floats * MemoryLayout<Float>.stride
    memory = .allocate(byteCount: bytes, alignment: Arena.alignment)
    // Zeroing touches every page, so that the control thread meets no page fault.
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    lock = Seqlock(at: memory)
    // SAFETY: count and tick are words of the first line, the numbers follow it.
    tick = (memory + Seqlock.byteCount).bindMemory(to: Int.self, capacity: 1)
    state = (memory + PlanBoard.headBytes).bindMemory(to: Float.self, capacity: floats)
    actions = state + stateCount
  }

  private static var headBytes: Int { 64 }

  deinit { memory.deallocate() }

  /// Called by the control thread.
  @inline(__always)
  func publish(_ controller: borrowing Controller, tick: Int) {
    lock.publish {
      self.tick.pointee = tick
      controller.copyPlan(state: state, actions: actions)
    }
  }

  /// Copies the newest plan.
  ///
  /// - Shapes: state [S], actions [horizon × A].
  /// - Returns: its tick; nil if there is none, or the control thread is just writing.
  func copy(
    state target: UnsafeMutablePointer<Float>, actions plan: UnsafeMutablePointer<Float>
  ) -> Int? {
    var copied = 0
    let number = lock.copy {
      copied = tick.pointee
      target.update(from: state, count: stateCount)
      plan.update(from: actions, count: actionCount)
    }
    return number == nil ? nil : copied
  }
}

extension Verdict {
  /// True if the tick looked ahead and has a plan, executed or not.
  var hasPlan: Bool {
    switch self {
    case .planned, .followed, .bridged, .shifted, .restrained, .late, .leavingEnvelope, .unknown:
      true
    case .explored, .settled, .stale, .notFinite, .outOfRange, .outsideEnvelope, .noPlan, .noModel,
      .implausible:
      false
    }
  }
}
