public import ReplanCore
import ReplanNumerics
import ReplanRealtime

/// Evaluations of an ensemble alone: encoding, layers, activations and integration of one step,
/// without sampling, cost or planner.
public enum NetworkBench {
  /// Evaluations a second on one core: one is one member's prediction for one candidate. The best
  /// slice counts, as for the peak.
  ///
  /// - Parameter slices: of some 10 ms each.
  public static func evaluationsPerSecond(
    _ structure: PlantStructure, _ shape: EnsembleShape, slices: Int
  ) -> Double {
    let model = RandomModel(structure, shape, scale: StateScale(structure), seed: 1)
    var arena = Arena.measuring()
    let vectors = Ensemble.blockVectors
    _ = lay(structure, shape, vectors, &arena)
    let memory = ZeroedMemory(bytes: arena.used)
    var real = Arena(base: memory.base, capacity: memory.bytes)
    var (ensemble, state, action, next) = lay(structure, shape, vectors, &real)
    ensemble.prepare(structure: structure, shape: shape)
    ensemble.adopt(model.parameters)
    var best = 0.0
    var rounds = 10
    var breather = Breather()
    for slice in -2..<slices {
      let start = MonotonicClock.nanoseconds
      for _ in 0..<rounds {
        for member in 0..<shape.memberCount {
          ensemble.predict(member: member, state, action, vectors: vectors, into: next)
        }
      }
      let elapsed = Double(max(MonotonicClock.nanoseconds - start, 1))
      let work = Double(rounds * shape.memberCount * vectors * Lanes.width)
      // The first slices find the number of rounds, and let the clock rise.
      if slice >= 0 { best = max(best, work / elapsed * 1e9) }
      rounds = max(10, Int(Double(rounds) * 1e7 / elapsed))
      breather.breathe()
    }
    return best
  }

  private typealias Parts = (
    Ensemble, UnsafeMutablePointer<Lanes>, UnsafeMutablePointer<Lanes>, UnsafeMutablePointer<Lanes>
  )

  private static func lay(
    _ structure: PlantStructure, _ shape: EnsembleShape, _ vectors: Int, _ arena: inout Arena
  ) -> Parts {
    (
      Ensemble(structure: structure, shape: shape, arena: &arena),
      arena.lanes(structure.stateCount * vectors), arena.lanes(structure.actionCount * vectors),
      arena.lanes(structure.stateCount * vectors)
    )
  }
}

extension EnsembleShape {
  /// Widths from the inputs to the head, such as 6-64-64-8.
  public var words: String {
    var widths = [inputCount]
    for i in 0..<hiddenLayerCount { widths.append(hidden[i]) }
    return (widths + [headCount]).map { "\($0)" }.joined(separator: "-")
  }

  /// Floating-point operations of the layers of one evaluation; a multiply-add counts as two.
  ///
  /// Log-variances are left out: they are computed where noise is sampled only.
  public var flops: Double {
    var sum = 0
    for layer in 0..<hiddenLayerCount { sum += fanIn(layer) * fanOut(layer) }
    return Double(2 * (sum + fanIn(hiddenLayerCount) * outputCount))
  }

  /// The shape that figures elsewhere are told for: 5 members 6-64-64-8, of a plant of four states.
  public static var standard: (structure: PlantStructure, shape: EnsembleShape) {
    var structure = PlantStructure(stateCount: 4, actionCount: 1, tick: 0.02)
    structure.states[2] = PlantStructure.StateChannel(isAngle: true)
    var hidden = InlineArray<4, Int>(repeating: 0)
    hidden[0] = 64
    hidden[1] = 64
    let shape = EnsembleShape(
      inputCount: structure.inputCount, outputCount: structure.outputCount, hiddenLayerCount: 2,
      hidden: hidden, memberCount: 5, activation: .silu, noise: .predicted)
    return (structure, shape)
  }
}
