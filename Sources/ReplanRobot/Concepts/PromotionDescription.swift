/// What a refitted model has to show before it replaces the one in use.
public struct PromotionDescription: Sendable, Equatable, Encodable {
  /// Every so many-th episode judges models and trains none; 0: none does.
  public let heldOutEvery: Int
  /// A model whose error is more than so many times that of the one in use is not taken.
  public let worse: Double

  /// True of an episode that trains no model.
  ///
  /// - Parameter number: counts from 1.
  public func holdsOut(episode number: Int) -> Bool {
    heldOutEvery > 0 && number > 0 && number % heldOutEvery == 0
  }
}

enum PromotionKeys {
  static let heldOutEvery = Key<Int>(
    "held_out_every", 0...1000, default: 5, unit: "episodes",
    "Every so many-th episode of a workspace judges models and trains none; 0: all of them train.")
  static let worse = Key<Double>(
    "worse", .from(1, to: 1000), default: 1.25,
    "A model is refused if it predicts recorded episodes worse than the one in use by this factor, "
      + "over 1, 10 or 25 ticks.")

  static let section = Section([heldOutEvery.descriptor, worse.descriptor])
}

extension PromotionDescription {
  init?(_ fields: Fields) {
    guard let heldOutEvery = fields[PromotionKeys.heldOutEvery],
      let worse = fields[PromotionKeys.worse]
    else { return nil }
    self.init(heldOutEvery: heldOutEvery, worse: worse)
  }
}
