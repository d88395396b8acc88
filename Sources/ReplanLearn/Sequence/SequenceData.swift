import ReplanCore
import ReplanNumerics
import ReplanRecord

/// Trajectories laid out one behind the other, with the normalisers of their transitions.
struct SequenceData: Sendable {
  let stateCount: Int
  let actionCount: Int
  /// Shape [sample, state].
  let states: [Float]
  /// The action in force from a sample on; zero after a trajectory's last. Shape [sample, action].
  let actions: [Float]
  /// Transitions that follow a sample without a gap. Shape [sample].
  let following: [Int32]
  /// The trajectory of each sample.
  let trajectory: [Int32]
  /// Their transitions, encoded and normalised; what the normalisers come from.
  let transitions: PreparedData
  /// One over the root mean square change over one tick of each measured channel, 0 for a memory.
  let precision: [Float]
  private let set: TransitionSet
  private let structure: PlantStructure

  init(_ trajectories: [Trajectory], structure: PlantStructure) {
    stateCount = structure.stateCount
    actionCount = structure.actionCount
    var states: [Float] = []
    var actions: [Float] = []
    var following: [Int32] = []
    var owner: [Int32] = []
    for (index, one) in trajectories.enumerated() {
      states += one.states
      actions += one.actions + [Float](repeating: 0, count: actionCount)
      owner += [Int32](repeating: Int32(index), count: one.count + 1)
      var left = [Int32](repeating: 0, count: one.count + 1)
      var k = one.count - 1
      while k >= 0 {
        if one.isPresent(k) && one.isPresent(k + 1) { left[k] = left[k + 1] + 1 }
        k -= 1
      }
      following += left
    }
    self.states = states
    self.actions = actions
    self.following = following
    trajectory = owner
    let set = TransitionSet(stateCount: stateCount, actionCount: actionCount, trajectories)
    self.set = set
    self.structure = structure
    transitions = PreparedData(set, structure: structure)
    precision = SequenceData.precision(set, structure)
  }

  /// The transitions, normalised as those of other data.
  func renormalised(as other: PreparedData) -> PreparedData {
    PreparedData(set, structure: structure, normalisers: .init(of: other))
  }

  private static func precision(_ set: TransitionSet, _ structure: PlantStructure) -> [Float] {
    (0..<structure.stateCount).map { c in
      guard !structure.states[c].isMemory else { return 0 }
      var sum = 0.0
      for row in 0..<set.count {
        let i = row * structure.stateCount + c
        let change = set.nextStates[i] - set.states[i]
        let distance = Double(structure.states[c].isAngle ? wrappedAngle(change) : change)
        sum += distance * distance
      }
      let scale = (sum / Double(max(set.count, 1))).squareRoot()
      // What never changes is predicted at once, and must not outweigh all else.
      return scale > 1e-9 ? Float(1 / scale) : 0
    }
  }
}
