import Foundation
import ReplanCore
import ReplanRealtime
import ReplanRecord
import Synchronization

/// Empties the ring: writes the episode, sums its figures, and starts refits inside it.
///
/// It runs on its own thread; the control thread never waits for it. What the disk refuses is
/// counted as dropped and the episode goes on.
final class Recorder: @unchecked Sendable {
  // SAFETY: unchecked, because all state but the ring and `isFinished` belongs to the recorder's
  // thread until that has been joined.
  private let ring: SpscRing<LoopRecord>
  private let writer: EpisodeWriter
  private let refit: RefitSchedule?
  /// nil where nobody can look on.
  private let live: LiveEpisode?
  private let configuration: ControllerConfiguration
  private let isLockstep: Bool
  private let safeAction: [Float]
  private let startTime: UInt64
  private let progress: @Sendable (EpisodeProgress) -> Void
  private let isFinished = Atomic<Bool>(false)
  private var episode: Episode
  /// The refit that was started last; replacing it joins it, and it has ended by then.
  private var refitThread: RealtimeThread<Void>?
  /// What the monotonic clock lacks to the clock of the log times, ns; nil until the first record if
  /// that is to come at the episode's start.
  private var clockOffset: Int64?
  /// When the last record came that may still wait for its chunk to fill; nil if none does.
  private var lastTaken: Int64?
  private var hasBegun = false
  private var firstPlantTime: UInt64 = 0
  private var checksum = ObservationChecksum()
  /// The newest refit that is attached to the file.
  private var attached: UInt32 = 0
  private var lastAction: ActionVector
  private(set) var figures = EpisodeFigures()
  private(set) var failure: RecordError?

  /// - Parameter clockOffset: the time since 1970 less the monotonic clock, ns; without it the first
  ///   record's time is the episode's start.
  init(
    ring: SpscRing<LoopRecord>, writer: EpisodeWriter, header: EpisodeHeader,
    refit: RefitSchedule?, configuration: ControllerConfiguration, isLockstep: Bool,
    clockOffset: Int64? = nil, live: LiveEpisode? = nil,
    progress: @escaping @Sendable (EpisodeProgress) -> Void
  ) {
    self.ring = ring
    self.writer = writer
    self.refit = refit
    self.live = live
    self.configuration = configuration
    self.isLockstep = isLockstep
    self.progress = progress
    self.clockOffset = clockOffset
    startTime = header.startTime
    episode = Episode(header: header)
    lastAction = configuration.limits.safe
    safeAction = (0..<configuration.structure.actionCount).map { configuration.limits.safe[$0] }
  }

  /// Says that no more records will come.
  func finish() { isFinished.store(true, ordering: .releasing) }

  /// The recorder thread's body: until `finish` and an empty ring.
  func run() {
    while true {
      let isLast = isFinished.load(ordering: .acquiring)
      while let record = ring.pop() { take(record) }
      if isLast { break }
      if !isLockstep { flushSilence() }
      usleep(isLockstep ? 20 : 1000)
    }
    refit?.cancel()
    refitThread = nil
    figures.droppedRecords = writer.lostMessages
    if !isLockstep { figures.droppedRecords += ring.dropped }
  }

  /// The transitions of the whole episode.
  var transitions: TransitionSet {
    episode.transitions(latency: configuration.plantLatency, safeAction: safeAction)
  }

  private func take(_ record: LoopRecord) {
    if !hasBegun {
      hasBegun = true
      firstPlantTime = record.plantTime
      if clockOffset == nil { clockOffset = Int64(startTime) - time(of: record) }
    }
    if !isLockstep { lastTaken = MonotonicClock.nanoseconds }
    let logTime = logTime(of: record)
    if record.hasObservation { add(observation: record, at: logTime) }
    guard record.isTick else { return }
    if record.generation != attached { attach(refitOf: record, at: logTime) }
    add(action: record, at: logTime)
    add(tick: record, at: logTime)
    live?.take(record, figures)
    if let refit, refit.isDue(at: Int(record.tick)) {
      start(refit, at: Int(record.tick))
    }
    if figures.ticks % 5 == 0 { progress(figures.progress) }
  }

  /// Keeps the refit that the loop has adopted: its model is stored nowhere else.
  private func attach(refitOf record: LoopRecord, at logTime: UInt64) {
    attached = record.generation
    guard let model = refit?.mailbox.block(at: record.refit)?.model else { return }
    write { () throws(RecordError) in
      let bytes = try ModelFile.encode(model, path: writer.path)
      try writer.attach(model: bytes, generation: record.generation, logTime: logTime)
    }
  }

  private func start(_ refit: RefitSchedule, at tick: Int) {
    guard refit.isIdle else { return }
    refitThread = refit.start(transitions, at: tick)
  }

  /// Simulated time in lockstep, so that the same run gives the same episode; otherwise the clock.
  private func logTime(of record: LoopRecord) -> UInt64 {
    if isLockstep {
      // The plant may say anything, so nothing here may trap.
      return startTime &+ (record.plantTime &- min(firstPlantTime, record.plantTime)) &* 1000
    }
    return logTime(at: time(of: record))
  }

  /// When a tick's observation came or, without one, its action was sent.
  private func time(of record: LoopRecord) -> Int64 {
    record.time != 0 ? record.time : record.sendTime
  }

  private func logTime(at time: Int64) -> UInt64 {
    max(startTime, UInt64(max(0, time + (clockOffset ?? 0))))
  }

  /// Writes a chunk that nothing comes to fill: a slow or silent plant costs no more than another.
  private func flushSilence() {
    guard let last = lastTaken, MonotonicClock.nanoseconds - last > 400_000_000 else { return }
    lastTaken = nil
    write { () throws(RecordError) in try writer.flush() }
  }

  private func add(observation record: LoopRecord, at logTime: UInt64) {
    let values = state(record.observation)
    let observation = ObservationRecord(
      logTime: logTime, sequence: record.sequence, actionSequence: record.actionSequence,
      plantTime: record.plantTime, flags: record.flags, cost: record.cost, values: values)
    episode.observations.append(observation)
    checksum.add(observation)
    figures.observe(record)
    write { () throws(RecordError) in try writer.append(observation: observation) }
  }

  private func add(action record: LoopRecord, at logTime: UInt64) {
    if record.hasObservation {
      let cost = configuration.objective.cost(
        state: record.observation, action: record.action, previous: lastAction,
        measured: record.cost)
      // A state that was not told costs as little as one that got lost.
      if cost.isFinite { figures.episodeReturn -= Double(cost) }
    }
    lastAction = record.action
    guard record.sentSequence != 0 else { return }
    let action = ActionRecord(
      logTime: logTime, sentTime: isLockstep ? logTime : self.logTime(at: record.sendTime),
      sequence: record.sentSequence, tick: record.sentTick,
      flags: record.sentFlags, values: actuators(record.action))
    episode.actions.append(action)
    write { () throws(RecordError) in try writer.append(action: action) }
  }

  private func add(tick record: LoopRecord, at logTime: UInt64) {
    figures.count(record)
    let tick = TickRecord(
      logTime: logTime, tick: record.tick, verdict: record.verdict.rawValue,
      iterations: record.iterations, planCost: record.planCost,
      disagreement: record.disagreement,
      wakeMicroseconds: Double(record.wakeNanoseconds) / 1000,
      tickMicroseconds: Double(record.tickNanoseconds) / 1000,
      ageMicroseconds: Double(record.ageNanoseconds) / 1000,
      latencyMicroseconds: record.latencyNanoseconds > 0
        ? Double(record.latencyNanoseconds) / 1000 : .nan,
      modelGeneration: record.generation, isOverrun: record.isOverrun,
      state: record.state.rawValue,
      transportMicroseconds: record.transportNanoseconds > 0
        ? Double(record.transportNanoseconds) / 1000 : .nan,
      knownTicks: record.knownTicks, lock: record.lock.rawValue,
      observations: UInt32(truncatingIfNeeded: episode.observations.count),
      isFresh: record.hasObservation, elapsedSamples: record.elapsedSamples, isCut: record.isCut,
      actionSequence: record.sentSequence, observationsChecksum: checksum.value)
    let estimate = TickValues(logTime: logTime, tick: record.tick, values: state(record.estimate))
    let decision = TickValues(
      logTime: logTime, tick: record.tick, values: actuators(record.decided))
    write { () throws(RecordError) in try writer.append(tick: tick) }
    write { () throws(RecordError) in try writer.append(state: estimate) }
    write { () throws(RecordError) in try writer.append(decision: decision) }
  }

  private func state(_ values: StateVector) -> [Float] {
    (0..<configuration.structure.measuredCount).map { values[$0] }
  }

  private func actuators(_ values: ActionVector) -> [Float] {
    (0..<configuration.structure.actionCount).map { values[$0] }
  }

  private func write(_ body: () throws(RecordError) -> Void) {
    do {
      try body()
    } catch {
      if failure == nil { failure = error }
    }
  }
}
