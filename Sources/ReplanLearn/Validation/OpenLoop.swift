import ReplanCore
import ReplanNumerics
public import ReplanRecord

/// Runs a model open loop from many starts, sixteen side by side in each vector.
///
///     let windows = Forecasts.Start.windows(of: trajectories, steps: 25)
///     let forecasts = try OpenLoop(isAngle: angles).forecast(trajectories, from: windows, steps: 25)
///       { CorePredictor(model) }
///
/// Step h of a start at sample k is predicted from the measured state at k and the actions in force
/// from k to k + h; later states are never seen. The result depends on model, data and seed only.
public struct OpenLoop: Sendable {
  /// State channels that are angles: the particles' distances are wrapped.
  public var isAngle: [Bool]
  /// Particles of each start; an even number, as every other one has the opposite noise.
  public var particles = 32
  public var seed: UInt64 = 1
  /// Worker threads.
  public var threads = 1
  /// By how much the model's spread is to be widened; nil to take it as it is.
  public var calibration: SpreadCalibration?

  public init(isAngle: [Bool]) { self.isAngle = isAngle }

  /// - Parameters:
  ///   - steps: of each rollout.
  ///   - makePredictor: called on worker threads, each of which needs a predictor of its own.
  /// - Throws: `LearnError.threadRefused`.
  public func forecast<P: Predictor>(
    _ trajectories: [Trajectory], from starts: [Forecasts.Start], steps: Int,
    makePredictor: @escaping @Sendable () -> P
  ) throws(LearnError) -> Forecasts {
    let states = isAngle.count
    precondition(particles >= 2 && particles % 2 == 0, "particles come in pairs")
    precondition(
      trajectories.allSatisfy { $0.stateCount == states }, "each state channel is told of")
    var forecasts = Forecasts(stateCount: states, steps: steps, starts: starts)
    guard !starts.isEmpty && steps > 0 else { return forecasts }
    let lanes = Lanes.width * Ensemble.blockVectors
    let blocks = (starts.count + lanes - 1) / lanes
    // A job is long enough that making its predictor does not count.
    let blocksOfJob = max(1, min(16, blocks / max(1, 4 * threads)))
    let jobs = (blocks + blocksOfJob - 1) / blocksOfJob
    var failure: LearnError?
    forecasts.withOutput { output in
      do throws(LearnError) {
        try Workers.run(jobs: jobs, threads: threads, niceness: 0, prepare: {}) { job in
          var rollouts = BlockRollout(
            makePredictor(), openLoop: self, trajectories: trajectories, steps: steps,
            output: output)
          let first = job * blocksOfJob
          for block in first..<min(first + blocksOfJob, blocks) {
            let range = block * lanes..<min((block + 1) * lanes, starts.count)
            rollouts.run(starts[range])
          }
        }
      } catch { failure = error }
    }
    if let failure { throw failure }
    if let calibration { forecasts.widen(by: calibration) }
    return forecasts
  }
}

/// Where blocks write what they foresee.
struct ForecastOutput: @unchecked Sendable {
  // SAFETY: unchecked, because each start is one block's, which alone writes its steps; the arrays
  // behind the pointers are pinned until all blocks have ended.
  let rollout: UnsafeMutablePointer<Float>
  let mean: UnsafeMutablePointer<Float>
  let deviation: UnsafeMutablePointer<Float>
  let epistemic: UnsafeMutablePointer<Float>
}

extension Forecasts {
  fileprivate mutating func withOutput(_ body: (ForecastOutput) -> Void) {
    rollout.withUnsafeMutableBufferPointer { rollout in
      mean.withUnsafeMutableBufferPointer { mean in
        deviation.withUnsafeMutableBufferPointer { deviation in
          epistemic.withUnsafeMutableBufferPointer { epistemic in
            body(
              ForecastOutput(
                rollout: rollout.baseAddress!, mean: mean.baseAddress!,
                deviation: deviation.baseAddress!, epistemic: epistemic.baseAddress!))
          }
        }
      }
    }
  }

  fileprivate mutating func widen(by calibration: SpreadCalibration) {
    for step in 1...steps {
      for channel in 0..<stateCount {
        let factor = calibration.factor(step: step, channel: channel)
        for start in starts.indices {
          let place = index(start: start, step: step, channel: channel)
          let spread = Spread(deviation: deviation[place], epistemic: epistemic[place])
            .times(factor)
          (deviation[place], epistemic[place]) = (spread.deviation, spread.epistemic)
        }
      }
    }
  }
}
