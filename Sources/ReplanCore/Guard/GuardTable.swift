/// What the guard compares a state with, channel by channel, in the arena; each [S].
struct GuardTable {
  let stateCount: Int
  let observationLow: UnsafeMutablePointer<Float>
  let observationHigh: UnsafeMutablePointer<Float>
  /// Largest plausible change from one tick to the next.
  let step: UnsafeMutablePointer<Float>
  let envelopeLow: UnsafeMutablePointer<Float>
  let envelopeHigh: UnsafeMutablePointer<Float>
  let isAngle: UnsafeMutablePointer<Bool>
  /// False for a channel that no observation holds.
  let isObserved: UnsafeMutablePointer<Bool>

  init(stateCount: Int, arena: inout Arena) {
    self.stateCount = stateCount
    observationLow = arena.floats(stateCount)
    observationHigh = arena.floats(stateCount)
    step = arena.floats(stateCount)
    envelopeLow = arena.floats(stateCount)
    envelopeHigh = arena.floats(stateCount)
    isAngle = arena.take(Bool.self, count: stateCount)
    isObserved = arena.take(Bool.self, count: stateCount)
  }

  /// Fills the table; not on the tick.
  func prepare(
    _ guarding: GuardConfiguration, _ structure: PlantStructure,
    _ estimator: EstimatorConfiguration = EstimatorConfiguration()
  ) {
    for i in 0..<stateCount {
      observationLow[i] = guarding.observationLow[i]
      observationHigh[i] = guarding.observationHigh[i]
      step[i] = guarding.stepPerTick[i]
      envelopeLow[i] = guarding.envelopeLow[i]
      envelopeHigh[i] = guarding.envelopeHigh[i]
      isAngle[i] = structure.states[i].isAngle
      isObserved[i] = !estimator.isEstimated[i]
    }
  }
}
