import ReplanCore
import ReplanLoop
import ReplanRecord

/// What disagreement is usual where the model has data.
enum Calibration {
  /// Of the disagreement over the held-out transitions.
  static let quantile: Float = 0.99

  /// - Parameter fits: tell which transitions were held out from at least one member.
  static func disagreement(
    _ model: EnsembleModel, _ set: TransitionSet, _ fits: [MemberTrainer.Fit]
  ) -> DisagreementQuantile? {
    guard model.shape.memberCount > 1 else { return nil }
    var isHeldOut = [Bool](repeating: false, count: set.count)
    for fit in fits { for row in fit.judging { isHeldOut[Int(row)] = true } }
    let rows = isHeldOut.indices.filter { isHeldOut[$0] }
    guard !rows.isEmpty else { return nil }
    let values = disagreements(model, set, rows).sorted()
    let place = Int((Float(values.count - 1) * quantile).rounded())
    guard values[place].isFinite else { return nil }
    return DisagreementQuantile(
      quantile: quantile, value: values[place], transitions: values.count)
  }

  /// The controller's own arithmetic on some rows.
  static func disagreements(
    _ model: EnsembleModel, _ set: TransitionSet, _ rows: [Int]
  ) -> [Float] {
    var measuring = Arena.measuring()
    _ = Ensemble(structure: model.structure, shape: model.shape, arena: &measuring)
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: max(measuring.used, 1), alignment: Arena.alignment)
    defer { memory.deallocate() }
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: measuring.used)
    var arena = Arena(base: memory, capacity: measuring.used)
    var ensemble = Ensemble(structure: model.structure, shape: model.shape, arena: &arena)
    ensemble.prepare(structure: model.structure, shape: model.shape)
    let block = ModelBlock(model)
    return withExtendedLifetime(block) {
      ensemble.adopt(block.parameters)
      return set.states.withUnsafeBufferPointer { states in
        set.actions.withUnsafeBufferPointer { actions in
          rows.map {
            ensemble.disagreement(
              point: states.baseAddress! + $0 * set.stateCount,
              actions.baseAddress! + $0 * set.actionCount)
          }
        }
      }
    }
  }
}
