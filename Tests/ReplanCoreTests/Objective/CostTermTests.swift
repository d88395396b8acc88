import ReplanNumerics
import Testing

@testable import ReplanCore

/// weight * (x - target)² of one channel: what `Term` has as well, to be compared with it.
private struct Square: CostTerm {
  static var parameterCount: Int { 3 }
  var channel: Int
  var weight: Float
  var target: Float

  init(channel: Int, weight: Float, target: Float) {
    self.channel = channel
    self.weight = weight
    self.target = target
  }

  init(parameters: UnsafePointer<Float>) {
    self.init(channel: Int(parameters[0]), weight: parameters[1], target: parameters[2])
  }

  func store(into parameters: UnsafeMutablePointer<Float>) {
    parameters[0] = Float(channel)
    parameters[1] = weight
    parameters[2] = target
  }

  func cost(_ state: UnsafePointer<Lanes>, stride: Int) -> Lanes {
    let e = state[channel * stride] - Lanes(repeating: target)
    return Lanes(repeating: 0).adding(weight, times: e * e)
  }

  func addDerivatives(
    _ state: UnsafePointer<Float>, factor: Float, gradient: UnsafeMutablePointer<Float>,
    curvature: UnsafeMutablePointer<Float>, n: Int
  ) {
    gradient[channel] += factor * (2 * weight * (state[channel] - target))
    curvature[channel * (n + 1)] += factor * (2 * weight)
  }

  var term: CustomTerm {
    CustomTerm(
      self, cost: { Square.evaluate($0, $1, $2, $3) },
      derivatives: { Square.differentiate($0, $1, $2, $3, $4, $5) })
  }
}

@Suite struct CostTermTests {
  private func objective(isCustom: Bool) -> Objective {
    var objective = Objective(terminal: 2)
    objective.append(Term(.action, channel: 0, weight: 0.01, scale: 10))
    for (channel, weight, target) in [(0, 0.2, 0.5), (2, 1, -0.3)] as [(Int, Float, Float)] {
      if isCustom {
        objective.append(Square(channel: channel, weight: weight, target: target).term)
      } else {
        objective.append(Term(.quadratic, channel: channel, weight: weight, target: target))
      }
    }
    return objective
  }

  private func fixture(_ planner: PlannerConfiguration, isCustom: Bool) -> PlannerFixture {
    var configuration = ControllerFixture.configuration(planner)
    configuration.objective = objective(isCustom: isCustom)
    return PlannerFixture(configuration, RandomParameters(configuration.shape, seed: 21))
  }

  @Test(arguments: [
    PlannerConfiguration.ilqr(ILQRConfiguration(horizon: 12)),
    .crossEntropy(.improved(horizon: 12, candidates: 48)),
    .pathIntegral(PathIntegralConfiguration(horizon: 12, candidates: 48)),
  ])
  func aUsersTermPlansAsTheSameTermOfTheCore(planner: PlannerConfiguration) {
    let own = fixture(planner, isCustom: true)
    let core = fixture(planner, isCustom: false)
    for tick in 0..<5 {
      let state: [Float] = [0.1 * Float(tick), 0.3, 0.4, -0.2]
      let outcomes = [own, core].map { $0.improve(state, tick: tick) }
      #expect(outcomes[0].isUsable)
      #expect(outcomes[0].cost.bitPattern == outcomes[1].cost.bitPattern)
      #expect(own.actions.map(\.bitPattern) == core.actions.map(\.bitPattern))
    }
  }

  @Test func theRecordedCostCountsIt() {
    let state = StateVector { Float($0) * 0.25 }
    let action = ActionVector(repeating: 2)
    let costs = [true, false].map {
      objective(isCustom: $0).cost(state: state, action: action, previous: action)
    }
    #expect(abs(costs[0] - costs[1]) < 1e-6)
    let square = Square(channel: 2, weight: 1, target: -0.3)
    var alone = Objective()
    alone.append(square.term)
    #expect(abs(alone.cost(state: state, action: action, previous: action) - 0.64) < 1e-6)
  }

  @Test func aCostThatIsNotFiniteGivesNoPlan() {
    var configuration = ControllerFixture.configuration(
      .crossEntropy(.improved(horizon: 12, candidates: 48)))
    configuration.objective.append(Square(channel: 0, weight: .nan, target: 0).term)
    let fixture = PlannerFixture(configuration, RandomParameters(configuration.shape, seed: 21))
    #expect(!fixture.improve([0, 0, 0, 0]).isUsable)
  }
}
