import ReplanCore
import ReplanLoop
import ReplanRealtime
import ReplanRobot

/// One slice of the loop.
struct Slice {
  var wake: LatencyHistogram
  var tick: LatencyHistogram
  var counts = LoopCounts()
  var report: RealtimeReport

  /// Runs the loop for so long.
  ///
  /// - Throws: `ended` where it ended early.
  static func run(
    _ runner: EpisodeRunner, _ robot: RobotDescription, seconds: Double
  ) throws(BenchError) -> Slice {
    let ticks = max(1, Int((seconds * robot.rate).rounded()))
    let result: EpisodeResult
    do throws(LoopError) {
      result = try runner.run(
        EpisodeOptions(kind: .mpc, mode: .plan, maximumTicks: ticks, stopsOnSuccess: false))
    } catch {
      throw .loop(error)
    }
    guard result.end == .timeUp else { throw .ended(result.end.rawValue) }
    return Slice(result)
  }

  private init(_ result: EpisodeResult) {
    wake = result.wake
    tick = result.tick
    report = result.report
    counts.ticks = result.ticks
    counts.allocations = result.usage.heapUses
    counts.minorFaults = result.usage.minorFaults
    counts.majorFaults = result.usage.majorFaults
    counts.voluntarySwitches = result.usage.voluntarySwitches
    counts.involuntarySwitches = result.usage.involuntarySwitches
    counts.missedTicks = result.missedTicks
    counts.overruns = result.overruns
    counts.skippedObservations = result.skippedObservations
    counts.lostSamples = result.lostSamples
    counts.lostFrames = result.lostFrames
    counts.badFrames = result.damagedFrames
    counts.fallbacks = result.fallbacks
  }
}
