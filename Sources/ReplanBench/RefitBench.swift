import ReplanCore
import ReplanLearn
import ReplanNumerics
import ReplanRealtime
import ReplanRecord
import ReplanRobot

/// How fast a robot's ensemble is trained between episodes, on all processors.
enum RefitBench {
  struct Result {
    var threads: Int
    var batch: Int
    var examplesMembersPerSecond: Double
  }

  /// Fewer than the trainer holds any out from, so that training alone is timed.
  private static let transitions = 256

  /// - Parameter seconds: about so long.
  static func run(_ robot: RobotDescription, seconds: Double) throws(BenchError) -> Result {
    var settings = TrainingSettings()
    settings.batch = min(robot.model.training.batch, 4096)
    settings.threads = min(
      max(1, Processors.allowed.count), robot.model.members)
    let set = transitionSet(robot)
    settings.steps = 50
    let trial = try time(robot, set, settings)
    settings.steps = min(max(50, Int(50 * seconds / trial)), 1_000_000)
    let elapsed = try time(robot, set, settings)
    return Result(
      threads: settings.threads, batch: settings.batch,
      examplesMembersPerSecond: Double(settings.steps * settings.batch * robot.model.members)
        / elapsed)
  }

  private static func time(
    _ robot: RobotDescription, _ set: TransitionSet, _ settings: TrainingSettings
  ) throws(BenchError) -> Double {
    let start = MonotonicClock.nanoseconds
    do throws(LearnError) {
      _ = try Trainer.fit(
        transitions: set, structure: robot.structure(), shape: robot.ensembleShape(),
        channels: robot.observation.map(\.name) + robot.action.map(\.name), settings: settings,
        dataHash: "")
    } catch {
      throw .learn(error)
    }
    return Double(max(MonotonicClock.nanoseconds - start, 1)) / 1e9
  }

  /// States of the plant's scale, each followed by one that is near.
  private static func transitionSet(_ robot: RobotDescription) -> TransitionSet {
    let configuration = robot.controllerConfiguration(seed: 1)
    let scale = StateScale(configuration)
    var set = TransitionSet(stateCount: robot.observation.count, actionCount: robot.action.count)
    var random = Philox(seed: SIMD2(4, 0), episode: 0, tick: 0, iteration: 0, candidate: 0)
    func normal() -> Float { random.nextNormals().x }
    for _ in 0..<transitions {
      let state = scale.middle.indices.map { scale.middle[$0] + 0.5 * scale.half[$0] * normal() }
      let action = scale.action.map { 0.5 * $0 * normal() }
      let push = action.reduce(0, +) / Float(action.count)
      let next = state.indices.map { state[$0] + 0.02 * scale.half[$0] * (sine(state[$0]) + push) }
      let cost = next.indices.reduce(Float(0)) { sum, i in
        let e = (next[i] - scale.middle[i]) / scale.half[i]
        return sum + e * e
      }
      set.append(state: state, action: action, nextState: next, cost: cost)
    }
    return set
  }
}
