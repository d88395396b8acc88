public import ReplanCore
public import ReplanRealtime
public import ReplanRecord

/// A controller with the memory it works in; kept for a whole session.
///
/// One thread at a time uses it: the session's between episodes, the control thread's during one.
/// Where the configuration has more than one worker, the host also owns the threads that share the
/// rollouts of a tick; between ticks they sleep, or spin if they are told to.
public final class ControllerHost: @unchecked Sendable {
  // SAFETY: unchecked, because the hand-over between threads is ordered by thread creation and
  // joining in `EpisodeRunner`.
  private let memory: UnsafeMutableRawPointer
  let controller: UnsafeMutablePointer<Controller>
  public let configuration: ControllerConfiguration
  public let arenaBytes: Int
  /// When the newest actions were sent, ns of the monotonic clock, by sequence number.
  let sendTimes: UnsafeMutablePointer<Int64>
  static let sendTimeCount = 64
  private var model: ModelBlock?
  private var threads: WorkerThreads?

  public init(_ configuration: ControllerConfiguration) {
    self.configuration = configuration
    arenaBytes = Controller.byteCount(configuration)
    memory = .allocate(byteCount: arenaBytes, alignment: Arena.alignment)
    // Zeroing also touches every page, so that no tick meets a page fault.
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: arenaBytes)
    var arena = Arena(base: memory, capacity: arenaBytes)
    sendTimes = .allocate(capacity: ControllerHost.sendTimeCount)
    sendTimes.initialize(repeating: 0, count: ControllerHost.sendTimeCount)
    controller = .allocate(capacity: 1)
    controller.initialize(to: Controller(configuration, arena: &arena))
  }

  deinit {
    controller.deinitialize(count: 1)
    controller.deallocate()
    sendTimes.deallocate()
    memory.deallocate()
  }

  /// Uses a model from the next episode on.
  ///
  /// After an episode with refits inside, the last one that was adopted is in use.
  ///
  /// - Precondition: no episode is running, and the model is of the configuration's kind and shape.
  public func adopt(_ block: ModelBlock) {
    precondition(
      block.configuration.isSameKind(as: configuration.model)
        && block.count == controller.pointee.parameterCount,
      "the controller was laid out for another model")
    model = block
    controller.pointee.adopt(block.parameters)
  }

  /// Starts the threads of further workers, unless they are there.
  ///
  /// - Parameters:
  ///   - priority: SCHED_FIFO priority of the control thread; nil for ordinary scheduling.
  ///   - cpu: the processor that the control thread is bound to; the threads are bound to those that
  ///     follow it. Nil for any.
  ///   - wait: how the threads wait for work.
  /// - Returns: what they asked for and could not have.
  /// - Precondition: no episode is running.
  /// - Throws: `RealtimeError` if a thread cannot be had at all.
  public func startWorkers(
    priority: Int?, cpu: Int?, wait: WorkerThreads.Wait
  ) throws(RealtimeError) -> RealtimeReport {
    guard configuration.workers > 1 else { return RealtimeReport() }
    if let threads { return threads.report }
    let processors = WorkerThreads.processors(beside: cpu, count: configuration.workers)
    let started = try WorkerThreads(
      count: configuration.workers, wait: wait, priority: priority, processors: processors)
    controller.pointee.employ(Crew(context: started.context, run: WorkerThreads.run))
    threads = started
    return started.report
  }

  /// Refuses plans that leave what the model in use knows, from the next episode on: where its members
  /// disagree by more than `factor` times what is usual where it has data.
  ///
  /// - Parameter factor: nil to execute them all the same.
  /// - Returns: whether there is a bound now; a model may not say what is usual, or be of a kind without
  ///   members.
  @discardableResult
  public func keepToKnown(_ factor: Float?) -> Bool {
    let gate = gate(factor)
    controller.pointee.bound(disagreement: gate)
    return gate < .infinity
  }

  /// The bound that `keepToKnown` sets; infinite for none.
  func gate(_ factor: Float?) -> Float {
    guard let factor, let usual = model?.usualDisagreement, usual.isFinite else { return .infinity }
    return usual * factor
  }

  /// Runs a few ticks that nobody is sent, so that the code and the tables of a real one are in
  /// memory; leaves no trace but that the next episode has to begin.
  func rehearse() {
    let values = middleState
    for mode in [Controller.Mode.explore(.safe), .settle, .plan] {
      controller.pointee.begin(episode: 0, mode: mode)
      for tick in 0..<3 {
        _ = controller.pointee.tick(Observation(values: values, tick: tick), tick: tick) { _ in true
        }
      }
    }
  }

  /// A state that the guard has nothing against: the middle of what is allowed, 0 where that has no end.
  var middleState: StateVector {
    var values = StateVector(repeating: 0)
    for i in 0..<configuration.structure.stateCount {
      let low = max(configuration.guarding.observationLow[i], configuration.guarding.envelopeLow[i])
      let high = min(
        configuration.guarding.observationHigh[i], configuration.guarding.envelopeHigh[i])
      values[i] = low.isFinite && high.isFinite ? 0.5 * (low + high) : 0
    }
    return values
  }

  /// False if the model in use is of a kind without members, which cannot disagree.
  public var modelHasMembers: Bool { model?.hasMembers ?? true }

  /// The model in use, as it was fitted; nil if there is none.
  public var fittedModel: FittedModel? { model?.model }

  /// The model in use, packed; nil if there is none.
  public var currentModel: ModelBlock? { model }

  /// True once a model was adopted.
  public var hasModel: Bool { model != nil }

  /// Hash of the model in use; empty if there is none or it was never stored.
  public var modelHash: String { model?.hash ?? "" }

  /// The model in use if it was never stored.
  var unstoredModel: FittedModel? { model.flatMap { $0.hash.isEmpty ? $0.model : nil } }

  /// Where the model in use comes from.
  var modelOrigin: ControlSettings.ModelOrigin {
    guard let model else { return .none }
    return model.hash.isEmpty ? .attached : .file
  }
}

extension ModelConfiguration {
  fileprivate func isSameKind(as other: ModelConfiguration) -> Bool {
    switch (self, other) {
    case (.ensemble, .ensemble), (.linear, .linear): true
    case (.physics(let a), .physics(let b)), (.hybrid(let a, _), .hybrid(let b, _)):
      a.equation == b.equation && a.substeps == b.substeps
    default: false
    }
  }
}
