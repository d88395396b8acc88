import ReplanCore
import ReplanNumerics
import ReplanRecord

/// The rollouts of one block of starts, a lane each: that of the mean, and those of all particles.
struct BlockRollout<P: Predictor>: ~Copyable {
  private let predictor: P
  private let openLoop: OpenLoop
  private let trajectories: [Trajectory]
  private let steps: Int
  private let output: ForecastOutput
  private let memory: UnsafeMutableRawPointer
  /// The members' mean, then each particle, now and at the next step. Shape [rollout, state,
  /// vector].
  private var current: UnsafeMutablePointer<Lanes>
  private var next: UnsafeMutablePointer<Lanes>
  /// Shape [action, vector].
  private let action: UnsafeMutablePointer<Lanes>
  /// Shape [noise, vector].
  private let normals: UnsafeMutablePointer<Lanes>

  init(
    _ predictor: P, openLoop: OpenLoop, trajectories: [Trajectory], steps: Int,
    output: ForecastOutput
  ) {
    self.predictor = predictor
    self.openLoop = openLoop
    self.trajectories = trajectories
    self.steps = steps
    self.output = output
    let vectors = Ensemble.blockVectors
    let states = (openLoop.particles + 1) * predictor.stateCount * vectors
    let inputs = (predictor.actionCount + predictor.noiseCount + 3) * vectors
    let bytes = (2 * states + inputs) * MemoryLayout<Lanes>.stride
    // SAFETY: one zeroed block for the four buffers below, freed by deinit.
    memory = .allocate(byteCount: bytes, alignment: Arena.alignment)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    current = memory.assumingMemoryBound(to: Lanes.self)
    next = current + states
    action = next + states
    // Normal numbers are drawn four vectors at a time.
    normals = action + predictor.actionCount * vectors
  }

  deinit { memory.deallocate() }

  /// - Parameter starts: at most a block of them; its indices are their places in the output.
  mutating func run(_ starts: ArraySlice<Forecasts.Start>) {
    let vectors = Lanes.vectors(for: starts.count)
    let size = predictor.stateCount * vectors
    for (lane, start) in starts.enumerated() {
      let state = trajectories[start.trajectory].state(start.sample)
      for (c, value) in state.enumerated() {
        for r in 0...openLoop.particles {
          current[r * size + c * vectors + lane / 16][lane % 16] = value
        }
      }
    }
    for step in 1...steps {
      loadActions(starts, step: step, vectors: vectors)
      predictor.predictMean(current, action, vectors: vectors, into: next)
      for particle in 0..<openLoop.particles {
        draw(particle, step: step, first: starts.startIndex, vectors: vectors)
        let at = (particle + 1) * size
        predictor.predict(
          member: particle / 2 % predictor.memberCount, current + at, action, vectors: vectors,
          normals: normals, into: next + at)
      }
      swap(&current, &next)
      store(starts, step: step, vectors: vectors)
    }
  }

  /// The actions in force before `step`; after a trajectory's end its last.
  private func loadActions(
    _ starts: ArraySlice<Forecasts.Start>, step: Int, vectors: Int
  ) {
    for (lane, start) in starts.enumerated() {
      let trajectory = trajectories[start.trajectory]
      let sample = min(start.sample + step - 1, trajectory.count - 1)
      for (a, value) in trajectory.action(sample).enumerated() {
        action[a * vectors + lane / 16][lane % 16] = value
      }
    }
  }

  /// Noise of a particle at a step; the second of a pair has that of the first with opposite sign,
  /// so that their mean hardly scatters.
  private func draw(_ particle: Int, step: Int, first: Int, vectors: Int) {
    let count = predictor.noiseCount
    if particle % 2 == 1 {
      for i in 0..<count * vectors { normals[i] = -normals[i] }
      return
    }
    let seed = SIMD2(
      UInt32(truncatingIfNeeded: openLoop.seed), UInt32(truncatingIfNeeded: openLoop.seed >> 32))
    let lane = SIMD16<UInt32>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    for v in 0..<vectors {
      var numbers = PhiloxLanes(
        seed: seed, episode: UInt32(particle), tick: UInt32(truncatingIfNeeded: step), iteration: 0,
        candidates: lane &+ SIMD16(repeating: UInt32(truncatingIfNeeded: first + 16 * v)))
      var j = 0
      while j < count {
        let four = numbers.nextNormals()
        normals[j * vectors + v] = four.0
        if j + 1 < count { normals[(j + 1) * vectors + v] = four.1 }
        if j + 2 < count { normals[(j + 2) * vectors + v] = four.2 }
        if j + 3 < count { normals[(j + 3) * vectors + v] = four.3 }
        j += 4
      }
    }
  }

  /// Mean and standard deviation over particles, by their distances from the mean's rollout, and the
  /// part of the latter that lies between the members.
  private func store(_ starts: ArraySlice<Forecasts.Start>, step: Int, vectors: Int) {
    let states = predictor.stateCount
    let count = Float(openLoop.particles)
    for c in 0..<states {
      for v in 0..<vectors {
        let at = c * vectors + v
        let centre = current[at]
        var sum = Lanes(repeating: 0)
        var squares = Lanes(repeating: 0)
        for particle in 1...openLoop.particles {
          var distance = current[particle * states * vectors + at] - centre
          if openLoop.isAngle[c] { distance = wrappedAngle(distance) }
          sum = sum + distance
          squares = squares.addingProduct(distance, distance)
        }
        let mean = sum / Lanes(repeating: count)
        let variance = (squares - mean * sum) / Lanes(repeating: count - 1)
        let deviation = squareRoot(variance.greater(Lanes(repeating: 1e-30)))
        for lane in 16 * v..<min(16 * v + 16, starts.count) {
          let place = ((starts.startIndex + lane) * steps + step - 1) * states + c
          output.rollout[place] = centre[lane % 16]
          output.mean[place] = centre[lane % 16] + mean[lane % 16]
          output.deviation[place] = deviation[lane % 16]
        }
        guard predictor.memberCount > 1 else { continue }
        let between = betweenMembers(channel: c, at: at, vectors: vectors, mean: mean)
        let epistemic = squareRoot(
          between.lesser(variance).greater(Lanes(repeating: 0)))
        for lane in 16 * v..<min(16 * v + 16, starts.count) {
          let place = ((starts.startIndex + lane) * steps + step - 1) * states + c
          output.epistemic[place] = epistemic[lane % 16]
        }
      }
    }
  }

  /// Variance of the members' means: that of all particles less the mean of those within a member.
  ///
  /// Opposite noise in pairs keeps a member's mean nearly free of it.
  private func betweenMembers(
    channel c: Int, at: Int, vectors: Int, mean: Lanes
  ) -> Lanes {
    let size = predictor.stateCount * vectors
    let centre = current[at]
    var between = Lanes(repeating: 0)
    for member in 0..<predictor.memberCount {
      var sum = Lanes(repeating: 0)
      var count: Float = 0
      for particle in 0..<openLoop.particles
      where particle / 2 % predictor.memberCount == member {
        var distance = current[(particle + 1) * size + at] - centre
        if openLoop.isAngle[c] { distance = wrappedAngle(distance) }
        sum = sum + distance
        count += 1
      }
      guard count > 0 else { continue }
      let off = sum / Lanes(repeating: count) - mean
      between = between.addingProduct(off * off, Lanes(repeating: count))
    }
    return between / Lanes(repeating: Float(openLoop.particles - 1))
  }
}
