import ReplanCore
import ReplanNumerics
import ReplanRecord

@testable import ReplanLearn

/// x' = 0.9 x + u, with members whose offsets differ and noise of a known deviation; and an angle
/// that turns by a constant.
struct ToyPredictor: Predictor {
  let stateCount = 2
  let actionCount = 1
  let noiseCount = 1
  var offsets: [Float] = [0]
  var noise: Float = 0
  var turn: Float = 0.3
  var memberCount: Int { offsets.count }

  func predictMean(
    _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    into next: UnsafeMutablePointer<Lanes>
  ) {
    let offset = offsets.reduce(0, +) / Float(offsets.count)
    for v in 0..<vectors {
      next[v] = Lanes(repeating: offset) + action[v].adding(0.9, times: state[v])
      next[vectors + v] = state[vectors + v] + Lanes(repeating: turn)
    }
  }

  func predict(
    member: Int, _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    normals: UnsafePointer<Lanes>, into next: UnsafeMutablePointer<Lanes>
  ) {
    for v in 0..<vectors {
      let mean = Lanes(repeating: offsets[member]) + action[v].adding(0.9, times: state[v])
      next[v] = mean.adding(noise, times: normals[v])
      next[vectors + v] = state[vectors + v] + Lanes(repeating: turn)
    }
  }

  /// Trajectories of the same plant under random actions; `noise` is added at each tick, the angle
  /// is wrapped as sensors wrap it.
  static func trajectories(
    _ count: Int, length: Int, noise: Float = 0, seed: UInt32 = 1, turn: Float = 0.3
  ) -> [Trajectory] {
    var p = Philox(seed: SIMD2(seed, 77), episode: 0, tick: 0, iteration: 0, candidate: 0)
    return (0..<count).map { _ in
      var state = [p.nextNormals().x, 3 * p.nextNormals().y]
      state[1] = wrappedAngle(state[1])
      var run = Trajectory(actionCount: 1, start: state)
      for _ in 0..<length {
        let n = p.nextNormals()
        state = [0.9 * state[0] + n.x + noise * n.y, wrappedAngle(state[1] + turn)]
        run.append(action: [n.x], state: state)
      }
      return run
    }
  }
}
