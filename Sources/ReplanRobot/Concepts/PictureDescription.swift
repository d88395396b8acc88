/// How the live page draws the robot; for people, and nothing that moves depends on it.
public struct PictureDescription: Sendable, Equatable {
  public enum Kind: String, Choice, Sendable {
    /// Judged by the channels.
    case auto
    case cartPole = "cart-pole"
    case pendulum
    /// Two links in a plane, the second angle relative to the first.
    case arm
    /// A bar a channel.
    case bars
  }

  /// Where a pole or pendulum points at angle 0.
  public enum Zero: String, Choice, Sendable {
    case up, down
  }

  public let kind: Kind
  /// Of the links in their order, m.
  public let lengths: [Double]
  public let zero: Zero
}

enum PictureKeys {
  static let kind = Key<PictureDescription.Kind>(
    "kind", default: .auto,
    "`auto` judges by the channels: an angle beside a position in m is a `cart-pole`, an angle alone a "
      + "`pendulum`, two are an `arm` whose second angle is relative to the first, anything else is "
      + "`bars`, one a channel.")
  static let lengths = Key<[Double]>(
    "lengths", .above(0, to: 1000), count: 1...2, default: [1, 1],
    "Lengths of the links in m, from the base on.")
  static let zero = Key<PictureDescription.Zero>(
    "zero", default: .up, "Where a pole or a pendulum points at angle 0.")

  static let section = Section([kind.descriptor, lengths.descriptor, zero.descriptor])
}

extension PictureDescription {
  init?(_ fields: Fields, _ channels: ChannelTable, _ diagnostics: inout Diagnostics) {
    guard let kind = fields.located(PictureKeys.kind), let lengths = fields[PictureKeys.lengths],
      let zero = fields[PictureKeys.zero]
    else { return nil }
    let declared = channels.observations.values
    let angles = declared.count { $0[ObservationKeys.kind] == .angle }
    let positions = declared.count { $0[ObservationKeys.unit] == "m" }
    let needed: (angles: Int, positions: Int) =
      switch kind.value {
      case .cartPole: (1, 1)
      case .pendulum: (1, 0)
      case .arm: (2, 0)
      case .auto, .bars: (0, 0)
      }
    if angles < needed.angles || positions < needed.positions {
      diagnostics.add(
        kind, found: "\(kind.value.rawValue) with \(angles) angles and \(positions) positions in m",
        allowed: "a kind for these channels; \(kind.value.rawValue) needs \(needed.angles) of kind "
          + "angle" + (needed.positions > 0 ? " and a position in m" : ""))
      return nil
    }
    self.init(kind: kind.value, lengths: lengths, zero: zero)
  }
}
