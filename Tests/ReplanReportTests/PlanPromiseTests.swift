import ReplanRecord
import ReplanRobot
import Testing

@testable import ReplanReport

struct PlanPromiseTests {
  private static let text = """
    name: cart_pole
    rate: 50
    observation:
      - {name: cart_position, unit: m}
      - {name: cart_velocity, unit: m/s}
      - {name: pole_angle, unit: rad, kind: angle}
      - {name: pole_velocity, unit: rad/s}
    action: [{name: force, unit: N, min: -10, max: 10, safe: 0}]
    latency: 2
    objective: {terms: [{quadratic: cart_velocity, weight: 1}], terminal: 3}
    planner: {kind: ilqr, horizon: 0.2}
    """
  private let robot: RobotDescription

  init() throws { robot = try RobotDescription.parse(text: Self.text, file: "robot.yaml") }

  /// Ten ticks ahead, from three ticks after the plan was made: two of latency, one of the output.
  private func sum(_ episode: Episode, at tick: Int) -> Float {
    let costs = episode.observations.map { $0.values[1] * $0.values[1] }
    return costs[(tick + 4)..<(tick + 13)].reduce(0, +) + 3 * costs[tick + 13]
  }

  @Test func whatIsObtainedIsTheCostOfTheStatesThatThePlanWasAbout() {
    let episode = DrawnEpisode(ticks: 40, robotText: Self.text).episode
    let obtained = PlanPromise.obtained(of: episode, robot: robot)
    #expect(obtained.count == 40)
    for tick in [0, 7, 26] {
      #expect(abs(obtained[tick] - sum(episode, at: tick)) < 1e-4 * obtained[tick])
    }
    // The episode ends before the horizon does.
    #expect(obtained[27...].allSatisfy { $0.isNaN })
    let promise = PlanPromise(of: episode, obtained: obtained)
    #expect(promise?.plans == 27)
    let middle = episode.ticks[..<27].map(\.planCost).sorted()[13]
    #expect(promise?.promised == middle)
  }

  @Test func aMissingSampleIsNotPassedOver() {
    let episode = DrawnEpisode(ticks: 40, robotText: Self.text, unseen: 20..<21).episode
    let obtained = PlanPromise.obtained(of: episode, robot: robot)
    #expect(obtained[6].isFinite && obtained[17].isFinite)
    #expect(obtained[7...16].allSatisfy { $0.isNaN })
  }

  @Test func numbersThatLeapTakeNoRoom() {
    var episode = DrawnEpisode(ticks: 40, robotText: Self.text).episode
    episode.ticks[39].tick = .max
    let obtained = PlanPromise.obtained(of: episode, robot: robot)
    #expect(obtained.count == 40 && obtained.allSatisfy { $0.isNaN })
    #expect(PlanPromise(of: episode, obtained: obtained) == nil)
  }
}
