import Glibc
import ReplanCore
import ReplanRealtime
public import ReplanRecord
import Synchronization

/// Says in a workspace's live file what the session does.
///
/// The session's thread and the recorder's write, one at a time; the control thread never does.
/// Readers do not hold them up.
public final class LiveWriter: Sendable {
  public let shape: LiveShape
  private let memory: Mutex<Memory>

  /// - Parameter workspace: its folder.
  /// - Throws: `file` for what the disk refuses.
  public init(workspace: String, shape: LiveShape) throws(RecordError) {
    self.shape = shape
    let memory = try Memory(path: LiveFile.path(workspace), shape: shape)
    self.memory = Mutex(memory)
    change { head in
      head.process = getpid()
      head.processStart = ProcessIdentity.start(of: getpid()) ?? 0
    }
  }

  /// Changes the state that is shown.
  public func change(_ body: (inout LiveHead) -> Void) {
    memory.withLock { memory in
      body(&memory.head)
      memory.head.time = MonotonicClock.nanoseconds
      memory.lock.publish { memory.storeHead() }
    }
  }

  /// Tells of a tick, and of the plan that is in `plan` if it has one.
  func append(
    _ sample: LiveSample, plan: PlanBoard, _ body: (inout LiveHead) -> Void
  ) {
    memory.withLock { memory in
      body(&memory.head)
      memory.head.time = MonotonicClock.nanoseconds
      // A plan that the control thread is just writing shows at the next tick.
      let planTick = sample.verdict.hasPlan ? memory.stage(plan) : nil
      memory.head.hasPlan = planTick != nil
      if let planTick { memory.head.planTick = UInt32(truncatingIfNeeded: planTick) }
      memory.lock.publish {
        if planTick != nil { memory.storePlan() }
        memory.store(sample, at: Int(memory.head.samples % UInt64(LiveLayout.sampleCount)))
        memory.head.samples += 1
        memory.storeHead()
      }
    }
  }

  /// Shows the parameters of the model in use.
  ///
  /// - Precondition: the block has the shape's count of floats.
  func show(_ parameters: UnsafePointer<Float>) {
    memory.withLock { memory in
      memory.modelLock.publish { memory.store(parameters) }
    }
  }
}

/// The mapped file, and what is put together before it is published.
private struct Memory: ~Copyable, @unchecked Sendable {
  // SAFETY: unchecked for the pointers into the mapping, which lives as long as the value; the mutex
  // around it lets one thread at a time write.
  var head = LiveHead()
  let lock: Seqlock
  let modelLock: Seqlock
  private let base: UnsafeMutableRawPointer
  private let layout: LiveLayout
  private let shape: LiveShape
  private let staged: UnsafeMutablePointer<Float>
  private let planFloats: Int

  init(path: String, shape: LiveShape) throws(RecordError) {
    self.shape = shape
    layout = LiveLayout(shape)
    base = try LiveFile.make(path, byteCount: layout.byteCount)
    lock = Seqlock(at: base + LiveLayout.lock)
    modelLock = Seqlock(at: base + LiveLayout.modelLock)
    planFloats = shape.stateCount + shape.horizon * shape.actionCount
    staged = .allocate(capacity: planFloats)
    staged.initialize(repeating: 0, count: planFloats)
    base.storeBytes(of: LivePrologue(shape), as: LivePrologue.self)
  }

  deinit {
    munmap(base, layout.byteCount)
    staged.deallocate()
  }

  func storeHead() { base.storeBytes(of: head, toByteOffset: LiveLayout.head, as: LiveHead.self) }

  func stage(_ plan: PlanBoard) -> Int? {
    plan.copy(state: staged, actions: staged + shape.stateCount)
  }

  func storePlan() {
    (base + layout.plan).copyMemory(
      from: staged, byteCount: planFloats * MemoryLayout<Float>.stride)
  }

  func store(_ sample: LiveSample, at slot: Int) {
    base.storeBytes(
      of: sample, toByteOffset: layout.samples + slot * MemoryLayout<LiveSample>.stride,
      as: LiveSample.self)
  }

  func store(_ parameters: UnsafePointer<Float>) {
    (base + layout.parameters).copyMemory(
      from: parameters, byteCount: shape.parameterCount * MemoryLayout<Float>.stride)
  }
}
