import Foundation
import PlantRig
import ReplanCore
import ReplanRecord
import ReplanRobot

@testable import ReplanLoop

extension Episode {
  /// Writes the episode to a new file with checksums that are right, as the recorder does.
  func write(to path: String, isClosed: Bool = true) throws {
    let writer = try EpisodeWriter(path: path, header: header, isSynchronized: false)
    var written = 0
    var generation: UInt32?
    for tick in ticks {
      for observation in observations[written..<Int(tick.observations)] {
        try writer.append(observation: observation)
      }
      written = Int(tick.observations)
      if generation != tick.modelGeneration, let model = models[tick.modelGeneration] {
        try writer.attach(
          model: model, generation: tick.modelGeneration, logTime: tick.logTime)
      }
      generation = tick.modelGeneration
      for action in actions where action.sequence == tick.actionSequence {
        try writer.append(action: action)
      }
      try writer.append(tick: tick)
      for state in states where state.tick == tick.tick { try writer.append(state: state) }
      for decision in decisions where decision.tick == tick.tick {
        try writer.append(decision: decision)
      }
    }
    if isClosed, let outcome { try writer.close(outcome: outcome) } else { try writer.flush() }
  }

  /// The episode as it reads after it was changed and written anew, beside the original file.
  func altered(
    at path: String, _ change: (inout Episode) -> Void
  ) throws -> (episode: Episode, path: String) {
    var copy = self
    change(&copy)
    let place = path + ".altered-\(UUID()).mcap"
    try copy.write(to: place)
    return (try EpisodeReader.read(place), place)
  }
}

extension EpisodeRig {
  /// A rig whose robot plans in another way, with more in its file.
  static func planning(
    _ planner: String, more: String = "", lockstep: Bool = true, rate: Int = 100,
    faults: [UInt32: PlantFault] = [:]
  ) throws -> EpisodeRig {
    try EpisodeRig(
      lockstep: lockstep, rate: rate,
      replacing: [
        "planner: {kind: ilqr, horizon: 0.1, iterations: 1, candidates: 8}":
          "planner: \(planner)\n\(more)"
      ], faults: faults)
  }

  /// Refits that are a function of the data, another model each time.
  func refits(every: Int = 10, adoptAfter: Int = 4) -> RefitOptions {
    let robot = robot
    return RefitOptions(every: every, adoptAfter: adoptAfter) { transitions, tick in
      let last = transitions.states.last ?? 0
      return ModelBlock(.random(robot, seed: UInt64(last.bitPattern) &+ UInt64(tick)))
    }
  }

  /// An episode that plans, read back.
  func record(
    _ runner: EpisodeRunner, ticks: Int = 45, refit: RefitOptions? = nil,
    withoutPlanning: Range<Int> = 0..<0
  ) throws -> (episode: Episode, path: String) {
    let result = try runner.run(
      EpisodeOptions(
        kind: .mpc, mode: .plan, maximumTicks: ticks, refit: refit,
        ticksWithoutPlanning: withoutPlanning))
    return (try EpisodeReader.read(result.path), result.path)
  }
}

extension Replay {
  /// Compares a recorded episode with its recomputation.
  static func report(_ recorded: (episode: Episode, path: String)) throws -> ReplayReport {
    try Replay(recorded.episode, path: recorded.path).compare()
  }
}
