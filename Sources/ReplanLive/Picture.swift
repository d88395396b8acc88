import ReplanRobot

/// How a robot is drawn, and from which channels.
struct Picture: Encodable, Sendable, Equatable {
  enum Kind: String, Encodable, Sendable {
    case cartPole = "cart-pole"
    case pendulum
    /// Two links in a plane, the second angle relative to the first.
    case arm
    /// A bar a channel, for any other.
    case bars
  }

  var kind: Kind
  /// Index of the cart's position; nil unless there is a cart.
  var position: Int?
  /// Indices of the angles.
  var angles: [Int] = []
  /// Lengths of the links, m.
  var lengths: [Double] = []
  /// Ends of the cart's track, m.
  var track: [Double] = []

  /// Judged by the channels: an angle beside a position in metres is a cart's pole, an angle alone a
  /// pendulum, and two are an arm.
  init(_ robot: RobotDescription) {
    let channels = robot.observation
    let angles = channels.indices.filter { channels[$0].kind == .angle }
    let positions = channels.indices.filter { channels[$0].unit == "m" }
    switch (positions.count, angles.count) {
    case (1, 1):
      let cart = channels[positions[0]]
      let limits =
        robot.envelope.first { $0.channel == cart.name }?.limits ?? cart.range
      self.init(
        kind: .cartPole, position: positions[0], angles: angles, lengths: [1],
        track: [limits?.low ?? -2.4, limits?.high ?? 2.4])
    case (0, 1): self.init(kind: .pendulum, angles: angles, lengths: [1])
    case (0, 2): self.init(kind: .arm, angles: angles, lengths: [1, 1])
    default: self.init(kind: .bars)
    }
  }

  private init(
    kind: Kind, position: Int? = nil, angles: [Int] = [], lengths: [Double] = [],
    track: [Double] = []
  ) {
    self.kind = kind
    self.position = position
    self.angles = angles
    self.lengths = lengths
    self.track = track
  }
}
