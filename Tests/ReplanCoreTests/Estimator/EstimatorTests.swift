import Testing

@testable import ReplanCore

/// A plant of which the position alone is measured: s' = A s + B a with a model that knows it.
private final class EstimatorFixture {
  static let tick: Float = 0.02
  let memory: Block
  let parameters: Block
  var controller: Controller

  /// Rows of A, and B.
  static let byState: [Float] = [1, 0.02, -0.06, 0.99]
  static let byAction: [Float] = [0.001, 0.1]

  init(_ estimator: EstimatorConfiguration, isAngle: Bool = false, hasModel: Bool = true) {
    var structure = PlantStructure(stateCount: 2, actionCount: 1, tick: Self.tick)
    structure.states[0] = .init(isAngle: isAngle, velocity: 1)
    var objective = Objective(terminal: 1)
    objective.append(Term(.quadratic, channel: 0, weight: 1))
    objective.append(Term(.action, channel: 0, weight: 0.1, scale: 1))
    var configuration = ControllerConfiguration(
      structure: structure, model: .linear,
      limits: ActionLimits(
        low: ActionVector(repeating: -1), high: ActionVector(repeating: 1),
        slewPerTick: ActionVector(repeating: .infinity), safe: ActionVector(repeating: 0)),
      objective: objective, planner: .lqr(LQRConfiguration(horizon: 4)), value: .expected,
      guarding: GuardConfiguration(
        observationLow: StateVector(repeating: -.infinity),
        observationHigh: StateVector(repeating: .infinity),
        envelopeLow: StateVector(repeating: -.infinity),
        envelopeHigh: StateVector(repeating: .infinity)),
      timing: .immediate, plantLatency: 0, seed: 1)
    configuration.estimator = estimator
    let bytes = Controller.byteCount(configuration)
    memory = Block(bytes: bytes)
    var arena = Arena(base: memory.pointer, capacity: bytes)
    controller = Controller(configuration, arena: &arena)
    let layout = LinearLayout(stateCount: 2, actionCount: 1)
    parameters = Block(bytes: layout.count * 4)
    layout.pack(
      byState: Self.byState, byAction: Self.byAction, offset: nil, noiseVariance: nil,
      into: parameters.floats)
    if hasModel { controller.adopt(UnsafePointer(parameters.floats)) }
    controller.begin(episode: 1, mode: .plan)
  }

  /// One tick on a position, or on none; what is not measured is not a number.
  func tick(_ tick: Int, _ position: Float?, elapsed: Int = 1) -> Decision {
    var values = StateVector(repeating: .nan)
    values[0] = position ?? 0
    let observation = Observation(
      values: values, tick: position == nil ? tick - 1 : tick, elapsedSamples: elapsed)
    return controller.tick(observation, tick: tick) { _ in true }
  }
}

extension EstimatorConfiguration {
  fileprivate static func of(_ method: Method) -> EstimatorConfiguration {
    var result = EstimatorConfiguration()
    result.method = method
    result.isEstimated[1] = true
    result.measurementDeviation[0] = 0.01
    result.processDeviation[0] = 0.001
    result.processDeviation[1] = 0.05
    result.initialDeviation[1] = 2
    return result
  }
}

@Suite struct EstimatorTests {
  @Test func aDifferenceIsTheChangeOverTheTick() {
    let fixture = EstimatorFixture(.of(.difference))
    let positions: [Float] = [0.5, 0.52, 0.5, 0.44]
    let estimates = positions.enumerated().map { fixture.tick($0, $1).estimate }
    #expect(estimates.map { $0[0] } == positions)
    let expected: [Float] = [0, 1, -1, -3]
    for (estimate, velocity) in zip(estimates, expected) {
      #expect(abs(estimate[1] - velocity) < 1e-4)
    }
  }

  @Test func anAngleTakesTheShortWay() {
    let fixture = EstimatorFixture(.of(.difference), isAngle: true)
    _ = fixture.tick(0, 3.12)
    #expect(abs(fixture.tick(1, -3.123_185_3).estimate[1] - 2) < 1e-3)
  }

  @Test func aMissingSampleMakesTheNextDifferenceOneOverTwoTicks() {
    let fixture = EstimatorFixture(.of(.difference), hasModel: false)
    fixture.controller.begin(episode: 1, mode: .explore(.safe))
    _ = fixture.tick(0, 0)
    _ = fixture.tick(1, nil)
    #expect(abs(fixture.tick(2, 0.04, elapsed: 2).estimate[1] - 1) < 1e-5)
    // Samples that no tick saw count as well.
    #expect(abs(fixture.tick(3, 0.1, elapsed: 3).estimate[1] - 1) < 1e-5)
  }

  /// y(k) = d y(k-1) + (1 - d) (x(k) - x(k-1)) / T, from the first difference on.
  @Test func theLowPassAgreesWithDoublePrecision() {
    let decay = 0.6
    let fixture = EstimatorFixture(.of(.lowpass(decay: Float(decay))))
    var random = TestRandom(3)
    var (last, filtered) = (0.0, 0.0)
    for k in 0..<60 {
      let position = random.uniform(-1, 1)
      let estimate = fixture.tick(k, position).estimate
      let slope = (Double(position) - last) / Double(EstimatorFixture.tick)
      if k == 1 { filtered = slope }
      if k > 1 { filtered = decay * filtered + (1 - decay) * slope }
      #expect(abs(Double(estimate[1]) - filtered) < 1e-4 * max(1, abs(filtered)))
      last = Double(position)
    }
  }

  /// Half a tick for the difference, and decay / (1 - decay) ticks for the low-pass.
  @Test func theDelayIsAsStated() {
    let decay: Float = 0.8
    for (method, ticks) in [
      (EstimatorConfiguration.Method.difference, 0.5),
      (.lowpass(decay: decay), 0.5 + Double(decay / (1 - decay))),
    ] {
      let fixture = EstimatorFixture(.of(method))
      var estimate: Float = 0
      // A velocity that rises steadily: the estimate is that of a time ago.
      for k in 0..<200 {
        let time = Float(k) * EstimatorFixture.tick
        estimate = fixture.tick(k, 0.5 * time * time).estimate[1]
      }
      let lag = Double(199 * EstimatorFixture.tick - estimate) / Double(EstimatorFixture.tick)
      #expect(abs(lag - ticks) < 0.05, "\(method): \(lag) ticks")
    }
  }

  /// The textbook's filter with a matrix inverse, which one measured channel makes a division.
  private struct Reference {
    var state: (Double, Double)
    var p: (Double, Double, Double)

    init(_ position: Double) {
      state = (position, 0)
      p = (1e-4, 0, 4)
    }

    mutating func predict(_ action: Double) {
      let a = EstimatorFixture.byState.map(Double.init)
      let b = EstimatorFixture.byAction.map(Double.init)
      state = (
        a[0] * state.0 + a[1] * state.1 + b[0] * action,
        a[2] * state.0 + a[3] * state.1 + b[1] * action
      )
      let (xx, xv, vv) = p
      p = (
        a[0] * a[0] * xx + 2 * a[0] * a[1] * xv + a[1] * a[1] * vv + 1e-6,
        a[0] * a[2] * xx + (a[0] * a[3] + a[1] * a[2]) * xv + a[1] * a[3] * vv,
        a[2] * a[2] * xx + 2 * a[2] * a[3] * xv + a[3] * a[3] * vv + 0.0025
      )
    }

    mutating func correct(_ position: Double) {
      let variance = p.0 + 1e-4
      let gain = (p.0 / variance, p.1 / variance)
      let surprise = position - state.0
      state = (state.0 + gain.0 * surprise, state.1 + gain.1 * surprise)
      p = (p.0 - gain.0 * p.0, p.1 - gain.0 * p.1, p.2 - gain.1 * p.1)
    }
  }

  @Test func theKalmanFilterAgreesWithDoublePrecision() {
    let fixture = EstimatorFixture(.of(.kalman(decay: 0.5)))
    var random = TestRandom(5)
    var reference: Reference?
    var action: Double = 0
    for k in 0..<200 {
      let position = random.uniform(-0.3, 0.3)
      // Now and then no sample comes, and the filter goes on by the model.
      let isMissing = k > 0 && k % 17 == 0
      let decision = fixture.tick(
        k, isMissing ? nil : position, elapsed: k % 17 == 1 && k > 1 ? 2 : 1)
      if var known = reference {
        known.predict(action)
        if !isMissing { known.correct(Double(position)) }
        reference = known
      } else {
        reference = Reference(Double(position))
      }
      let expected = reference!
      #expect(abs(Double(decision.estimate[0]) - expected.state.0) < 2e-5, "tick \(k)")
      #expect(abs(Double(decision.estimate[1]) - expected.state.1) < 2e-4, "tick \(k)")
      let variance = Double(fixture.controller.filter!.variance(1))
      #expect(abs(variance - expected.p.2) < 1e-3 * expected.p.2)
      action = Double(decision.action[0])
    }
  }

  /// With a true model the filter is nearer to the velocity than the difference is.
  @Test func theFilterBeatsTheDifference() {
    var errors: [Double] = []
    for method in [EstimatorConfiguration.Method.difference, .kalman(decay: 0.5)] {
      let fixture = EstimatorFixture(.of(method))
      var random = TestRandom(11)
      var (x, v): (Float, Float) = (0.2, 0)
      var squares = 0.0
      for k in 0..<400 {
        // Four uniform numbers have nearly a normal sum, of deviation 0.01 here.
        let noise = (0..<4).map { _ in random.uniform(-1, 1) }.reduce(0, +) * 0.01 / 1.1547
        let decision = fixture.tick(k, x + noise)
        if k > 50 { squares += Double((decision.estimate[1] - v) * (decision.estimate[1] - v)) }
        let (a, b) = (EstimatorFixture.byState, EstimatorFixture.byAction)
        let action = decision.action[0]
        (x, v) = (a[0] * x + a[1] * v + b[0] * action, a[2] * x + a[3] * v + b[1] * action)
      }
      errors.append(squares.squareRoot())
    }
    #expect(errors[1] < 0.5 * errors[0], "\(errors)")
  }

  /// Before there is a model, velocities come from differences.
  @Test func explorationHasVelocitiesWithoutAModel() {
    let fixture = EstimatorFixture(.of(.kalman(decay: 0)), hasModel: false)
    fixture.controller.begin(episode: 1, mode: .explore(.safe))
    _ = fixture.tick(0, 0)
    let decision = fixture.tick(1, 0.02)
    #expect(decision.verdict == .explored && abs(decision.estimate[1] - 1) < 1e-5)
  }

  /// A model that predicts nothing finite makes the filter start anew, not fail.
  @Test func theFilterStartsAnewAfterNonsense() {
    let fixture = EstimatorFixture(.of(.kalman(decay: 0)))
    for k in 0..<5 { _ = fixture.tick(k, 0.1) }
    let spoilt = Block(bytes: fixture.parameters.bytes)
    for i in 0..<(spoilt.bytes / 4) { spoilt.floats[i] = .nan }
    fixture.controller.adopt(UnsafePointer(spoilt.floats))
    #expect(fixture.tick(5, 0.12).estimate[0] == 0.12)
    fixture.controller.adopt(UnsafePointer(fixture.parameters.floats))
    for k in 6..<20 { _ = fixture.tick(k, 0.12) }
    let estimate = fixture.tick(20, 0.12).estimate
    #expect(estimate[0].isFinite && abs(estimate[0] - 0.12) < 0.05 && estimate[1].isFinite)
  }

  @Test func whatIsNotMeasuredIsNotChecked() {
    let fixture = EstimatorFixture(.of(.difference))
    #expect(fixture.tick(0, 0.1).verdict == .planned)
    #expect(fixture.tick(1, .nan).verdict == .bridged)
  }

  @Test func aTableIsPlayedAndThenTheSafeAction() {
    let fixture = EstimatorFixture(EstimatorConfiguration(), hasModel: false)
    let table: [Float] = [0.5, -0.25, 2]
    let memory = Block(bytes: 12)
    for (i, value) in table.enumerated() { memory.floats[i] = value }
    let actions = ActionTable(actions: UnsafePointer(memory.floats), ticks: 3)
    fixture.controller.begin(episode: 1, mode: .explore(.table(actions)))
    let played = (0..<5).map { k -> Float in
      let observation = Observation(values: StateVector(repeating: 0), tick: k)
      return fixture.controller.tick(observation, tick: k) { _ in true }.action[0]
    }
    // The guard's limits hold for it too.
    #expect(played == [0.5, -0.25, 1, 0, 0])
  }
}
