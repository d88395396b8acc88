import ReplanRobot

/// What the page tells of a robot file: what its plots are labelled and lined by, and its text.
struct RobotContent: Encodable {
  struct Observation: Encodable {
    /// A success condition on the channel.
    struct Target: Encodable {
      var of: Double
      var within: Double
    }

    var name: String
    var unit: String
    var isAngle: Bool
    /// Plausible values: low, high.
    var range: [Double]?
    /// Low, high.
    var envelope: [Double]?
    var targets: [Target]
  }

  struct Action: Encodable {
    var name: String
    var unit: String
    var low: Double
    var high: Double
    var safe: Double
  }

  var name: String
  var description: String
  var rate: Double
  var planner: String
  /// Seconds.
  var horizon: Double
  var latency: Int
  var observation: [Observation]
  var action: [Action]
  /// The file, word for word.
  var text: String
}

extension RobotContent {
  init(_ robot: RobotDescription) {
    name = robot.name
    description = robot.description
    rate = robot.rate
    planner = robot.planner.method.kind.rawValue
    horizon = robot.planner.horizon
    latency = robot.latency
    observation = robot.observation.map { channel in
      Observation(
        name: channel.name, unit: channel.unit, isAngle: channel.kind == .angle,
        range: channel.range.map { [$0.low, $0.high] },
        envelope: robot.envelope.first { $0.channel == channel.name }.map {
          [$0.limits.low, $0.limits.high]
        },
        targets: robot.episode.success.filter { $0.channel == channel.name }.map {
          Observation.Target(of: $0.of, within: $0.within)
        })
    }
    action = robot.action.map {
      Action(
        name: $0.name, unit: $0.unit, low: $0.limits.low, high: $0.limits.high, safe: $0.safe)
    }
    text = robot.source
  }
}
