import ReplanLoop
import ReplanRobot

/// What the page needs to know of a robot.
struct PageRobot: Encodable, Sendable {
  struct Observation: Encodable, Sendable {
    var name: String
    var unit: String
    var isAngle: Bool
    var low: Double?
    var high: Double?
    var envelopeLow: Double?
    var envelopeHigh: Double?
  }

  struct Action: Encodable, Sendable {
    var name: String
    var unit: String
    var low: Double
    var high: Double
    var safe: Double
  }

  struct Condition: Encodable, Sendable {
    var channel: Int
    var within: Double
    var of: Double
  }

  var name: String
  var description: String
  var workspace: String
  /// s
  var period: Double
  /// Ticks from a tick to the first action that its plan can choose.
  var lead: Int
  var observation: [Observation]
  var action: [Action]
  var success: [Condition]
  var picture: Picture
  /// Lower edges of the bins of `tickTimes`, µs.
  var tickEdges: [Double]

  init(_ robot: RobotDescription, workspace: String) {
    name = robot.name
    description = robot.description
    self.workspace = workspace
    period = robot.period
    lead = robot.latency + (robot.link.output == .nextTick ? 1 : 0)
    observation = robot.observation.map { channel in
      let limit = robot.envelope.first { $0.channel == channel.name }?.limits
      return Observation(
        name: channel.name, unit: channel.unit, isAngle: channel.kind == .angle,
        low: channel.range?.low, high: channel.range?.high, envelopeLow: limit?.low,
        envelopeHigh: limit?.high)
    }
    action = robot.action.map {
      Action(
        name: $0.name, unit: $0.unit, low: $0.limits.low, high: $0.limits.high, safe: $0.safe)
    }
    success = robot.episode.success.map {
      Condition(channel: $0.index, within: $0.within, of: $0.of)
    }
    picture = Picture(robot)
    tickEdges = (0..<TickTimeCounts.count).map(TickTimeCounts.lowerEdge)
  }
}
