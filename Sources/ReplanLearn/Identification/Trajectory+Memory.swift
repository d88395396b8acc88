package import ReplanCore
public import ReplanRecord

extension Trajectory {
  /// The same run with the memory that `structure` declares: each state is followed by what came
  /// before it. The first samples, whose past is not known, are left out.
  ///
  /// - Returns: nil if no transition is left.
  /// - Precondition: the trajectory has the measured channels of `structure`.
  package func remembering(_ structure: PlantStructure) -> Trajectory? {
    let ticks = structure.memoryTicks
    guard ticks > 0 else { return self }
    precondition(stateCount == structure.measuredCount && actionCount == structure.actionCount)
    guard count > ticks else { return nil }
    func full(_ k: Int) -> [Float] {
      (0..<structure.stateCount).map { c in
        var (channel, sample) = (c, k)
        while channel < structure.stateCount && structure.states[channel].isMemory {
          channel = structure.states[channel].repeats
          sample -= 1
        }
        return channel < structure.stateCount
          ? states[sample * stateCount + channel]
          : actions[sample * actionCount + channel - structure.stateCount]
      }
    }
    var result = Trajectory(actionCount: actionCount, start: full(ticks))
    for k in ticks..<count { result.append(action: Array(action(k)), state: full(k + 1)) }
    return result
  }
}

extension [Trajectory] {
  /// All of them with a memory; those too short for it are left out.
  package func remembering(_ structure: PlantStructure) -> [Trajectory] {
    compactMap { $0.remembering(structure) }
  }
}
