import ReplanCore
import ReplanNumerics
import ReplanRecord

/// States and actions outside of some transitions, to see whether a model knows what it does not know.
///
/// They are drawn evenly from the box of the data's normalised inputs, widened by a half on either side,
/// and kept where the nearest transition fitted to is farther than any held-out one has its nearest:
/// what no held-out transition resembles. Directions of angles are drawn on the circle.
enum OutsideStates {
  /// Distances are taken to so many transitions at most.
  private static let mostNeighbours = 2000
  private static let widening: Float = 0.5

  /// - Returns: at most `count` transitions whose next states are their states; fewer where the box is
  ///   nearly full.
  static func draw(
    _ count: Int, outside fitted: TransitionSet, beyond heldOut: TransitionSet,
    structure: PlantStructure, seed: UInt64
  ) -> TransitionSet {
    let (states, actions) = (fitted.stateCount, fitted.actionCount)
    var result = TransitionSet(stateCount: states, actionCount: actions)
    guard fitted.count > 0, heldOut.count > 0 else { return result }
    let data = PreparedData(fitted, structure: structure)
    let neighbours = Neighbours(data, most: mostNeighbours)
    let held = PreparedData(heldOut, structure: structure, normalisers: .init(of: data))
    let farthest = (0..<held.count).reduce(Float(0)) { max($0, neighbours.distance(held, $1)) }
    let bounds = (0..<states + actions).map { range(of: $0, in: fitted) }
    var numbers = IndexSource(Stream(seed: seed, member: 0).numbers(.outside))
    var tries = 0
    while result.count < count && tries < 200 * count {
      var drawn = TransitionSet(stateCount: states, actionCount: actions)
      for _ in 0..<256 {
        tries += 1
        let values = (0..<states + actions).map { c in
          let share = Philox.uniform(numbers.word())
          let isAngle = c < states && structure.states[c].isAngle
          let bounds = isAngle ? -3.141_592_7...3.141_592_7 : bounds[c]
          return bounds.lowerBound + share * (bounds.upperBound - bounds.lowerBound)
        }
        let state = Array(values[..<states])
        drawn.append(state: state, action: Array(values[states...]), nextState: state)
      }
      let prepared = PreparedData(drawn, structure: structure, normalisers: .init(of: data))
      let far = (0..<drawn.count).filter { neighbours.distance(prepared, $0) > farthest }
      result.append(drawn.rows(Array(far.prefix(count - result.count))))
    }
    return result
  }

  /// A channel's range in the data, a half of it wider on either side; an action stays in its own.
  private static func range(of c: Int, in set: TransitionSet) -> ClosedRange<Float> {
    let isState = c < set.stateCount
    let (values, width, place) =
      isState
      ? (set.states, set.stateCount, c) : (set.actions, set.actionCount, c - set.stateCount)
    var (low, high) = (Float.infinity, -Float.infinity)
    for i in stride(from: place, to: values.count, by: width) {
      low = min(low, values[i])
      high = max(high, values[i])
    }
    let margin = isState ? widening * (high - low) : 0
    return low - margin...high + margin
  }
}

/// The nearest of some transitions, by the distance of normalised inputs.
private struct Neighbours {
  private let rows: [Int]
  private let data: PreparedData

  init(_ data: PreparedData, most: Int) {
    self.data = data
    rows = Array(stride(from: 0, to: data.count, by: max(1, data.count / most)))
  }

  func distance(_ other: PreparedData, _ row: Int) -> Float {
    let width = data.inputVectors
    var nearest = Float.infinity
    for own in rows {
      var sum = Lanes(repeating: 0)
      for j in 0..<width {
        let difference = data.inputs[own * width + j] - other.inputs[row * width + j]
        sum = sum.addingProduct(difference, difference)
      }
      nearest = min(nearest, sum.orderedSum())
    }
    return squareRoot(nearest)
  }
}
