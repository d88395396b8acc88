import ReplanCore
public import ReplanLoop
import ReplanNumerics
public import ReplanRecord
public import ReplanRobot

/// Actions along which a model's members disagree most, planned before an episode and played in it.
///
/// The cross-entropy method over actions that are held for a tenth of a second; what is found is a
/// table that is fixed before the plant is armed, so that nothing is searched for in a tick. It keeps
/// within limits and slew, and, as far as the model foresees, within the envelope; where the plant
/// leaves that all the same, the guard ends the episode.
public struct DirectedExploration: Sendable {
  /// Candidates of an iteration, and the best of them that the next one is drawn around.
  static let candidates = 128
  static let elites = 12
  static let iterations = 10
  /// s that an action is held.
  static let hold = 0.1
  /// Share of the envelope's width that is kept as a margin on either side.
  static let margin: Float = 0.1
  /// Noise counts as this share of a channel's usual change over a tick at least.
  static let leastNoise: Float = 0.01

  let robot: RobotDescription
  let seed: UInt64

  public init(robot: RobotDescription, seed: UInt64) {
    self.robot = robot
    self.seed = seed
  }

  /// Plans an episode.
  ///
  /// - Parameters:
  ///   - model: has two members or more.
  ///   - data: what the model was fitted to; tells what changes are usual.
  ///   - starts: states that the episode may begin in; the plan is good on average over them.
  ///   - part: tells the episodes of a run apart.
  /// - Precondition: the model fits the robot, and there is a start.
  public func actions(
    _ model: FittedModel, data: TransitionSet, starts: [[Float]], ticks: Int, part: Int
  ) -> PreparedActions {
    let guarding = robot.guardConfiguration()
    let states = robot.observation.count
    var (low, high) = ([Float](), [Float]())
    for i in 0..<states {
      let (a, b) = (guarding.envelopeLow[i], guarding.envelopeHigh[i])
      let width = (b - a).isFinite ? Self.margin * (b - a) : 0
      low.append(a + width)
      high.append(b - width)
    }
    let rollout = InformationRollout(model, noise: noise(data), low: low, high: high)
    let rows = search(rollout, starts: starts, ticks: ticks, part: part)
    return PreparedActions(
      PreparedTable(channels: robot.action.map(\.name), values: rows),
      design: "directed by the disagreement of \(model.ensemble?.shape.memberCount ?? 1) members "
        + "from \(starts.count) starts, seed \(seed)")
  }

  /// What cannot be learned of a channel over one tick, as a variance.
  private func noise(_ data: TransitionSet) -> [Float] {
    robot.observation.indices.map { i in
      var sum: Float = 0
      for row in 0..<data.count {
        let place = row * data.stateCount + i
        var change = data.nextStates[place] - data.states[place]
        if robot.observation[i].kind == .angle { change = wrappedAngle(change) }
        sum += change * change
      }
      let usual = Self.leastNoise * (sum / Float(max(data.count, 1))).squareRoot()
      let declared = Float(robot.observation[i].noise ?? 0)
      return max(usual * usual, declared * declared, 1e-12)
    }
  }

  /// - Returns: the best table. Shape [tick × action].
  private func search(
    _ rollout: InformationRollout, starts: [[Float]], ticks: Int, part: Int
  ) -> [Float] {
    let actions = robot.action.count
    let held = max(1, robot.ticks(in: Self.hold))
    let knots = (ticks + held - 1) / held
    var mean = (0..<knots * actions).map { middle($0 % actions) }
    var deviation = (0..<knots * actions).map { half($0 % actions) }
    var best: (score: Float, table: [Float]) = (-.infinity, [])
    // What is sent acts some ticks later; until then the safe action does.
    let delay = robot.latency + (robot.link.output == .nextTick ? 1 : 0)
    for iteration in 0..<Self.iterations {
      var numbers = Normals(seed: seed, part: part, iteration: iteration)
      let drawn = (0..<Self.candidates).map { _ in
        mean.indices.map { mean[$0] + deviation[$0] * numbers.next() }
      }
      let tables = drawn.map { played($0, held: held, ticks: ticks) }
      let delayed = tables.map { table in
        ((0..<delay).flatMap { _ in (0..<actions).map(safe) } + table).prefix(table.count)
      }.map(Array.init)
      let scores = score(rollout, delayed, starts, ticks)
      let order = scores.indices.sorted { (scores[$0], -$0) > (scores[$1], -$1) }
      if scores[order[0]] > best.score { best = (scores[order[0]], tables[order[0]]) }
      let elite = order.prefix(Self.elites)
      for k in mean.indices {
        let values = elite.map { limited(drawn[$0][k], k % actions) }
        let centre = values.reduce(0, +) / Float(values.count)
        let square = values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Float(values.count)
        mean[k] = centre
        deviation[k] = max(square.squareRoot(), 0.05 * half(k % actions))
      }
    }
    return best.table
  }

  private func score(
    _ rollout: InformationRollout, _ tables: [[Float]], _ starts: [[Float]], _ ticks: Int
  ) -> [Float] {
    var scores: [Float] = []
    for first in stride(from: 0, to: tables.count, by: rollout.width) {
      let block = tables[first..<min(first + rollout.width, tables.count)]
      var sum = [Float](repeating: 0, count: block.count)
      for start in starts {
        for (i, value) in rollout.score(block, from: start, ticks: ticks).enumerated() {
          sum[i] += value / Float(starts.count)
        }
      }
      scores += sum
    }
    return scores
  }

  /// Knots as the actuator can follow them. Shape [tick × action].
  private func played(_ knots: [Float], held: Int, ticks: Int) -> [Float] {
    let actions = robot.action.count
    let limits = robot.limits()
    var last = (0..<actions).map(safe)
    var table: [Float] = []
    for t in 0..<ticks {
      for a in 0..<actions {
        let wanted = limited(knots[t / held * actions + a], a)
        let slew = limits.slewPerTick[a]
        last[a] = limited(min(max(wanted, last[a] - slew), last[a] + slew), a)
        table.append(last[a])
      }
    }
    return table
  }

  private func safe(_ action: Int) -> Float { Float(robot.action[action].safe) }

  private func middle(_ action: Int) -> Float {
    Float((robot.action[action].limits.low + robot.action[action].limits.high) / 2)
  }

  private func half(_ action: Int) -> Float {
    Float((robot.action[action].limits.high - robot.action[action].limits.low) / 2)
  }

  private func limited(_ value: Float, _ action: Int) -> Float {
    let limits = robot.action[action].limits
    return min(max(value, Float(limits.low)), Float(limits.high))
  }
}

/// Standard normal numbers, the same for the same place.
private struct Normals {
  private var stream: Philox
  private var drawn = SIMD4<Float>()
  private var left = 0

  init(seed: UInt64, part: Int, iteration: Int) {
    stream = Philox(
      seed: SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)),
      episode: UInt32(truncatingIfNeeded: part), tick: 0,
      iteration: UInt32(truncatingIfNeeded: iteration), candidate: 0x4449_5245)
  }

  mutating func next() -> Float {
    if left == 0 {
      drawn = stream.nextNormals()
      left = 4
    }
    left -= 1
    return drawn[left]
  }
}
