import ReplanNumerics

@testable import ReplanCore

/// A model over memory of its own, with a parameter block.
final class ModelFixture {
  private(set) var model: Model
  let structure: PlantStructure
  let parameters: Block
  private let block: Block

  init(
    _ configuration: ModelConfiguration, _ structure: PlantStructure,
    pack: (UnsafeMutablePointer<Float>) -> Void
  ) {
    self.structure = structure
    var measure = Arena.measuring()
    _ = Model(configuration, structure: structure, arena: &measure)
    block = Block(bytes: measure.used)
    var arena = Arena(base: block.pointer, capacity: block.bytes)
    model = Model(configuration, structure: structure, arena: &arena)
    model.prepare(configuration, structure: structure)
    parameters = Block(bytes: 4 * configuration.parameterCount(structure))
    pack(parameters.floats)
    model.adopt(parameters.floats)
  }

  func adopt(_ block: UnsafePointer<Float>) { model.adopt(block) }

  /// Random states [S × vectors] and actions [A × vectors].
  func points(vectors: Int, bound: Float = 3, seed: UInt64 = 9) -> (
    state: [Lanes], action: [Lanes]
  ) {
    var random = TestRandom(seed)
    func lanes(_ count: Int, _ bound: Float) -> [Lanes] {
      (0..<(count * vectors)).map { _ in
        var x = Lanes(repeating: 0)
        for i in 0..<16 { x[i] = random.uniform(-bound, bound) }
        return x
      }
    }
    return (lanes(structure.stateCount, bound), lanes(structure.actionCount, 2))
  }

  func mean(_ state: [Lanes], _ action: [Lanes], vectors: Int = 1) -> [Lanes] {
    var next = [Lanes](repeating: .zero, count: structure.stateCount * vectors)
    model.predictMean(state, action, vectors: vectors, into: &next)
    return next
  }

  func predict(
    member: Int, _ state: [Lanes], _ action: [Lanes], vectors: Int = 1, normals: [Lanes]? = nil
  ) -> [Lanes] {
    var next = [Lanes](repeating: .zero, count: structure.stateCount * vectors)
    if let normals {
      model.predict(
        member: member, state, action, vectors: vectors, normals: normals, into: &next)
    } else {
      model.predict(member: member, state, action, vectors: vectors, into: &next)
    }
    return next
  }

  func jacobian(_ state: [Lanes], _ action: [Lanes]) -> [Lanes] {
    let entries = structure.stateCount * (structure.stateCount + structure.actionCount)
    var jacobian = [Lanes](repeating: .zero, count: entries)
    model.linearize(state, action, into: &jacobian)
    return jacobian
  }

  func disagreement(_ state: [Lanes], _ action: [Lanes]) -> Lanes {
    model.disagreement(state, action)
  }
}

/// A point of a batch in double precision: the state, then the action.
func point(_ state: [Lanes], _ action: [Lanes], vectors: Int = 1, _ v: Int = 0, lane: Int)
  -> [Double]
{
  let s = stride(from: v, to: state.count, by: vectors).map { Double(state[$0][lane]) }
  return s + stride(from: v, to: action.count, by: vectors).map { Double(action[$0][lane]) }
}

/// ∂f/∂x by central differences [outputs × inputs].
func centralDifferences(
  at x: [Double], step h: Double = 1e-5, _ f: ([Double]) -> [Double]
) -> [[Double]] {
  let columns = x.indices.map { j in
    var up = x
    var down = x
    up[j] += h
    down[j] -= h
    return zip(f(up), f(down)).map { ($0 - $1) / (2 * h) }
  }
  return columns[0].indices.map { i in columns.map { $0[i] } }
}

/// Largest difference between a Jacobian in lanes and one in double precision, relative to entries
/// above 1.
func largestError(_ jacobian: [Lanes], lane: Int, _ expected: [[Double]]) -> Double {
  let flat = expected.flatMap { $0 }
  return zip(jacobian, flat).map { abs(Double($0[lane]) - $1) / max(1, abs($1)) }.max()!
}
