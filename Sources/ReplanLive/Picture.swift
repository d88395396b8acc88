import ReplanRobot

/// How a robot is drawn, and from which channels.
struct Picture: Encodable, Sendable, Equatable {
  typealias Kind = PictureDescription.Kind

  /// Never `auto`.
  var kind: Kind
  /// Index of the cart's position; nil unless there is a cart.
  var position: Int?
  /// Indices of the angles.
  var angles: [Int] = []
  /// Lengths of the links, m.
  var lengths: [Double] = []
  /// Ends of the cart's track, m.
  var track: [Double] = []
  /// Turns the picture of the angles, rad: 0 where angle 0 points upwards.
  var turn = 0.0

  init(_ robot: RobotDescription) {
    let channels = robot.observation
    let picture = robot.picture
    let angles = channels.indices.filter { channels[$0].kind == .angle }
    let positions = channels.indices.filter { channels[$0].unit == "m" }
    kind = picture.kind == .auto ? Self.kind(positions.count, angles.count) : picture.kind
    // A robot file that gives one length for two links has both as long.
    lengths = [picture.lengths[0], picture.lengths.last ?? picture.lengths[0]]
    turn = picture.zero == .down ? Double.pi : 0
    switch kind {
    case .cartPole:
      let cart = channels[positions[0]]
      let limits = robot.envelope.first { $0.channel == cart.name }?.limits ?? cart.range
      position = positions[0]
      self.angles = [angles[0]]
      track = [limits?.low ?? -2.4, limits?.high ?? 2.4]
    case .pendulum: self.angles = [angles[0]]
    case .arm: self.angles = Array(angles.prefix(2))
    case .auto, .bars: break
    }
  }

  private static func kind(_ positions: Int, _ angles: Int) -> Kind {
    switch (positions, angles) {
    case (1, 1): .cartPole
    case (0, 1): .pendulum
    case (0, 2): .arm
    default: .bars
    }
  }
}
