import Foundation
import ReplanCore
import ReplanNumerics
import ReplanRecord

@testable import ReplanLearn

/// A torque-limited pendulum, transitions of it, and a plain evaluation of a fitted model.
enum TrainingPlants {
  static let tick: Float = 0.02

  /// Angle (integrated from the velocity) and velocity; nothing else is known.
  static func pendulumStructure(symmetric: Bool = false) -> PlantStructure {
    var structure = PlantStructure(stateCount: 2, actionCount: 1, tick: tick)
    structure.states[0] = .init(isAngle: true, velocity: 1, mirror: -1)
    structure.states[1] = .init(mirror: -1)
    structure.actionMirror[0] = -1
    structure.isSymmetric = symmetric
    return structure
  }

  static let pendulumChannels = ["angle", "velocity", "torque"]

  /// 0.4 kg at 0.5 m with viscous friction, in ten steps of the midpoint rule.
  static func pendulum(_ state: [Float], _ torque: Float) -> [Float] {
    var (angle, velocity) = (Double(state[0]), Double(state[1]))
    let dt = Double(tick) / 10
    func acceleration(_ a: Double, _ v: Double) -> Double {
      -19.62 * sin(a) + 10 * Double(torque) - 0.3 * v
    }
    for _ in 0..<10 {
      let half = velocity + 0.5 * dt * acceleration(angle, velocity)
      let middle = angle + 0.5 * dt * velocity
      angle += dt * half
      velocity += dt * acceleration(middle, half)
    }
    return [Float(angle), Float(velocity)]
  }

  /// Transitions from independent random states; `side` 1 draws positive angles only.
  static func pendulumSet(
    _ count: Int, seed: UInt32, noise: Float = 0, side: Bool = false
  ) -> TransitionSet {
    var set = TransitionSet(stateCount: 2, actionCount: 1)
    var p = Philox(seed: SIMD2(seed, 9), episode: 0, tick: 0, iteration: 0, candidate: 0)
    for _ in 0..<count {
      let words = p.next()
      let angle = 3.1 * Philox.uniform(words.x) * (side || words.w & 1 == 0 ? 1 : -1)
      let state = [angle, 12 * Philox.uniform(words.y) - 6]
      let action = 2 * Philox.uniform(words.z) - 1
      var next = pendulum(state, action)
      let e = p.nextNormals()
      next[1] += noise * e.x
      set.append(state: state, action: [action], nextState: next)
    }
    return set
  }

  static func cosine(_ x: Float) -> Float { Float(cos(Double(x))) }

  static func exponential(_ x: Double) -> Double { exp(x) }

  /// Normal numbers one after the other.
  struct Normals {
    private var source: Philox

    init(seed: UInt32) {
      source = Philox(seed: SIMD2(seed, 11), episode: 0, tick: 0, iteration: 0, candidate: 0)
    }

    mutating func next() -> Float { source.nextNormals().x }
  }

  static func shape(
    _ structure: PlantStructure, members: Int = 3, width: Int = 32,
    noise: NoiseHead = .constant
  ) -> EnsembleShape {
    EnsembleShape(
      inputCount: structure.inputCount, outputCount: structure.outputCount, hiddenLayerCount: 2,
      hidden: [width, width, 1, 1], memberCount: members, activation: .silu, noise: noise)
  }

  static func fit(
    _ set: TransitionSet, _ structure: PlantStructure, _ settings: TrainingSettings,
    members: Int = 3, noise: NoiseHead = .constant
  ) throws -> EnsembleModel {
    try Trainer.fit(
      transitions: set, structure: structure,
      shape: shape(structure, members: members, noise: noise), channels: pendulumChannels,
      settings: settings, dataHash: "0123")
  }

  /// Normalised head of one member, from the documented layout of `EnsembleModel` alone.
  static func head(_ model: EnsembleModel, member: Int, state: [Float], action: Float) -> [Double] {
    let inputs = [sin(Double(state[0])), cos(Double(state[0])), Double(state[1]), Double(action)]
    var x = inputs.indices.map {
      (inputs[$0] - Double(model.inputMean[$0])) / Double(model.inputScale[$0])
    }
    for (l, layer) in model.layers.enumerated() {
      let (rows, columns) = (model.shape.fanOut(l), model.shape.fanIn(l))
      x = (0..<rows).map { o in
        var z = Double(layer.bias[member * rows + o])
        for i in 0..<columns {
          z += Double(layer.weight[(member * rows + o) * columns + i]) * x[i]
        }
        return l == model.shape.hiddenLayerCount ? z : z / (1 + exp(-z))
      }
    }
    return x
  }

  /// Mean predicted change of velocity, in rad/s.
  static func change(_ model: EnsembleModel, state: [Float], action: Float) -> Double {
    let members = model.shape.memberCount
    let sum = (0..<members).reduce(0.0) {
      $0 + head(model, member: $1, state: state, action: action)[0]
    }
    return Double(model.outputMean[0]) + Double(model.outputScale[0]) * sum / Double(members)
  }

  /// Root mean squared error of the predicted change of velocity.
  static func error(_ model: EnsembleModel, on set: TransitionSet) -> Double {
    rmse(set) { change(model, state: $0, action: $1) }
  }

  static func rmse(_ set: TransitionSet, _ predict: ([Float], Float) -> Double) -> Double {
    let sum = (0..<set.count).reduce(0.0) { sum, i in
      let state = [set.states[2 * i], set.states[2 * i + 1]]
      let truth = Double(set.nextStates[2 * i + 1] - state[1])
      let error = predict(state, set.actions[i]) - truth
      return sum + error * error
    }
    return (sum / Double(set.count)).squareRoot()
  }

  /// Least squares of the change of velocity on (1, angle, velocity, torque).
  static func linearFit(_ set: TransitionSet) -> ([Float], Float) -> Double {
    var normal = [[Double]](repeating: [Double](repeating: 0, count: 5), count: 4)
    for i in 0..<set.count {
      let row = [
        1, Double(set.states[2 * i]), Double(set.states[2 * i + 1]), Double(set.actions[i]),
      ]
      let y = Double(set.nextStates[2 * i + 1] - set.states[2 * i + 1])
      for a in 0..<4 {
        for b in 0..<4 { normal[a][b] += row[a] * row[b] }
        normal[a][4] += row[a] * y
      }
    }
    for a in 0..<4 {
      for b in 0..<4 where b != a {
        let factor = normal[b][a] / normal[a][a]
        for c in 0..<5 { normal[b][c] -= factor * normal[a][c] }
      }
    }
    let w = (0..<4).map { normal[$0][4] / normal[$0][$0] }
    return { w[0] + w[1] * Double($0[0]) + w[2] * Double($0[1]) + w[3] * Double($1) }
  }
}
