import ReplanCore
import ReplanRecord

/// What the recorder tells of one episode in the live file.
///
/// Belongs to the recorder's thread.
final class LiveEpisode {
  private let writer: LiveWriter
  private let board: PlanBoard
  private let index: Int
  private var tickTimes = TickTimeCounts()
  private var generation: UInt32 = 0

  init(_ writer: LiveWriter, board: PlanBoard, index: Int) {
    self.writer = writer
    self.board = board
    self.index = index
  }

  func take(_ record: LoopRecord, _ figures: EpisodeFigures) {
    tickTimes.add(nanoseconds: record.tickNanoseconds)
    if record.generation != generation {
      generation = record.generation
      // SAFETY: the mailbox keeps every refit until the episode's end.
      if let parameters = UnsafePointer<Float>(bitPattern: record.refit) {
        writer.show(parameters)
      }
    }
    writer.append(LiveSample(record, episode: index), plan: board) { head in
      head.phase = .running
      head.arming = record.state
      head.ticks = UInt32(truncatingIfNeeded: figures.ticks)
      head.overruns = UInt32(truncatingIfNeeded: figures.overruns)
      head.fallbacks = UInt32(truncatingIfNeeded: figures.fallbacks)
      head.episodeReturn = figures.episodeReturn
      head.tickTimes = tickTimes
    }
  }
}

extension LiveWriter {
  /// An episode begins: the plant is about to be reset and armed.
  func begin(
    _ episode: EpisodeOptions, index: Int, _ options: LoopOptions, _ host: ControllerHost
  ) {
    if let parameters = host.controller.pointee.parameters { show(parameters) }
    let gate = host.controller.pointee.disagreementBound
    change { head in
      head.phase = .resetting
      head.arming = .disarmed
      head.isLockstep = options.isLockstep
      head.isExploring = episode.kind != .mpc
      head.cpu = Int32(options.cpu ?? -1)
      head.episode = UInt32(truncatingIfNeeded: index)
      head.maximumTicks = UInt32(clamping: episode.maximumTicks)
      (head.ticks, head.overruns, head.fallbacks, head.episodeReturn) = (0, 0, 0, 0)
      head.tickTimes = TickTimeCounts()
      head.hasPlan = false
      head.gate = gate
    }
  }

  /// The episode is over, whatever became of it.
  ///
  /// - Parameter isDisarmed: whether the plant confirmed it; nil if it was never armed.
  func end(arming: ArmingState, isDisarmed: Bool?) {
    change { head in
      head.phase = .idle
      head.arming = arming
      if let isDisarmed { head.isDisarmed = isDisarmed }
      head.hasPlan = false
    }
  }

  /// A fit between two episodes has come so far.
  public func showFit(transitions: Int, step: Int, of steps: Int) {
    change { head in
      head.phase = .fitting
      head.fitTransitions = UInt32(clamping: transitions)
      head.fitStep = UInt32(clamping: step)
      head.fitSteps = UInt32(clamping: steps)
    }
  }

  /// The run is over.
  public func showEnd() { change { $0.phase = .ended } }
}
