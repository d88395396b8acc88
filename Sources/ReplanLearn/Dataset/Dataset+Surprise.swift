import ReplanCore
public import ReplanRecord

extension Dataset {
  /// How much the members of a model disagree about each transition.
  ///
  /// Disagreement and not the error: an error of noise stays whatever is learned, and data kept for it
  /// would be the worst measured. What members agree about by much data loses some of it, until they
  /// no longer do.
  public static func surprise(by model: EnsembleModel?) -> Surprise? {
    guard let model, model.shape.memberCount > 1 else { return nil }
    return { set in Calibration.disagreements(model, set, Array(0..<set.count)) }
  }
}
