import Foundation
import ReplanCore
import Testing

@testable import ReplanIdentify

/// A user's own equation, fitted without a word in the core.
private enum Decay: IdentifiableEquation {
  static var stateCount: Int { 1 }
  static var actionCount: Int { 1 }
  static var parameterCount: Int { 2 }
  static func rate<N: EquationNumber>(
    at x: UnsafePointer<N>, under u: UnsafePointer<Double>, _ p: UnsafePointer<N>,
    into rate: UnsafeMutablePointer<N>
  ) { rate[0] = u[0] * p[1] - p[0] * x[0] }
}

@Suite struct GreyBoxFitTests {
  private func fit(
    _ equation: PhysicsEquation, free names: Set<String>? = nil, values: [Double]
  ) -> GreyBoxFit {
    let parameters = (0..<equation.parameterCount).map { index in
      let facts = equation.parameter(index)
      let isFree = names.map { $0.contains("\(facts.name)") } ?? !facts.isFixed
      return GreyBoxFit.Parameter(
        "\(facts.name)", start: isFree ? Double(facts.start) : values[index],
        Double(facts.low)...Double(facts.high), isFixed: !isFree)
    }
    var fit = GreyBoxFit(
      equation.simulator, parameters: parameters, isAngle: equation == .pendulum ? [true] : [])
    fit.settings.step = 0.005
    return fit
  }

  private func smooth(_ limit: Double) -> (Int, inout TestRandom) -> [Double] {
    var last = 0.0
    return { _, random in
      last = 0.87 * last + 0.3 * limit * random.normal()
      return [min(max(last, -limit), limit)]
    }
  }

  @Test func aUsersEquationIsFittedAtItsOwnTimeStamps() throws {
    var random = TestRandom(3)
    var time = 0.0
    let times = (0..<200).map { _ in
      time += random.uniform(0.01, 0.09)
      return time
    }
    let simulator = RungeKuttaSimulator(Decay.self)
    let record = MeasuredRecord.simulated(
      simulator, parameters: [1.7, 0.6], start: [1], times: times, noise: [0], random: &random,
      action: smooth(2))
    let fit = GreyBoxFit(
      simulator,
      parameters: [.init("rate", start: 10, 0...100), .init("gain", start: -3, -10...10)])
    let result = try fit.fit([record])
    #expect(abs(result.parameters[0] - 1.7) < 1e-5 && abs(result.parameters[1] - 0.6) < 1e-5)
  }

  /// From wrong starting values: what finite differences are for.
  @Test func aCartPoleIsFoundFromFarAway() throws {
    var random = TestRandom(8)
    let simulator = PhysicsEquation.cartPole.simulator
    let record = MeasuredRecord.simulated(
      simulator, parameters: Plants.cartPole, start: [0, 0, .pi, 0],
      times: (0..<120).map { 0.02 * Double($0) }, noise: [0.001, 0.01, 0.002, 0.03],
      random: &random, action: smooth(10))
    var fit = fit(.cartPole, values: Plants.cartPole)
    fit.parameters[0].start = 2
    fit.parameters[1].start = 0.05
    fit.parameters[2].start = 4
    fit.settings.randomStarts = 0
    let result = try fit.fit([record])
    for i in [0, 1, 2] {
      let deviation = try #require(result.deviation(i))
      #expect(abs(result.parameters[i] - Plants.cartPole[i]) < 4 * deviation)
      #expect(deviation < 0.1 * Plants.cartPole[i])
    }
    for (found, true_) in zip(result.noise, [0.001, 0.01, 0.002, 0.03]) {
      #expect(abs(found / true_ - 1) < 0.3)
    }
  }

  /// Only the lower tank is measured: the upper one's level is found with the parameters.
  @Test func aLevelThatNobodyMeasuredIsFound() throws {
    var random = TestRandom(4)
    let times = (0..<400).map { 4 * Double($0) }
    var level = 3.0
    let record = MeasuredRecord.simulated(
      PhysicsEquation.twoTanks.simulator, parameters: Plants.tanks, start: [6, 5], times: times,
      noise: [.nan, 0.02], random: &random, step: 1
    ) { k, random in
      if k % 12 == 0 { level = random.uniform(0.5, 5) }
      return [level]
    }
    var fit = fit(
      .twoTanks, free: ["gain", "upper_outflow", "lower_outflow"], values: Plants.tanks)
    fit.settings.step = 2
    let result = try fit.fit([record])
    for i in [0, 2, 4] {
      #expect(abs(result.parameters[i] / Plants.tanks[i] - 1) < 0.05)
    }
    #expect(abs(result.starts[0][0] - 6) < 0.5 && result.noise[0].isNaN)
    #expect(abs(result.noise[1] / 0.02 - 1) < 0.2)
  }

  /// A pendulum that nobody pushes says nothing of its gain, and the fit says so.
  @Test func whatTheDataDoNotTellIsNamed() throws {
    var random = TestRandom(6)
    let record = MeasuredRecord.simulated(
      PhysicsEquation.pendulum.simulator, parameters: Plants.pendulum, start: [2.5, 0],
      times: (0..<150).map { 0.02 * Double($0) }, noise: [0.002, 0.03], random: &random
    ) { _, _ in [0] }
    var fit = fit(.pendulum, values: Plants.pendulum)
    fit.settings.randomStarts = 0
    let result = try fit.fit([record])
    #expect(result.identifiability.confounded == [[1]])
    #expect(!result.isDetermined[1] && result.deviation(1) == nil)
    #expect(result.parameters[1] == fit.parameters[1].start)
    #expect(result.isDetermined[0] && abs(result.parameters[0] - 20) < 0.5)
  }

  /// Two parameters that act as their product only.
  @Test func parametersThatActTogetherAreNamedTogether() throws {
    enum Twin: IdentifiableEquation {
      static var stateCount: Int { 1 }
      static var actionCount: Int { 1 }
      static var parameterCount: Int { 2 }
      static func rate<N: EquationNumber>(
        at x: UnsafePointer<N>, under u: UnsafePointer<Double>, _ p: UnsafePointer<N>,
        into rate: UnsafeMutablePointer<N>
      ) { rate[0] = u[0] * (p[0] * p[1]) - x[0] }
    }
    var random = TestRandom(7)
    let simulator = RungeKuttaSimulator(Twin.self)
    let record = MeasuredRecord.simulated(
      simulator, parameters: [2, 3], start: [0], times: (0..<100).map { 0.05 * Double($0) },
      noise: [0.01], random: &random, action: smooth(1))
    let result = try GreyBoxFit(
      simulator, parameters: [.init("a", start: 1, 0.1...10), .init("b", start: 1, 0.1...10)]
    ).fit([record])
    #expect(result.identifiability.confounded == [[0, 1]])
    #expect(abs(result.parameters[0] * result.parameters[1] - 6) < 0.1)
  }

  @Test func parametersKeepToTheirBounds() throws {
    var random = TestRandom(9)
    let record = MeasuredRecord.simulated(
      PhysicsEquation.pendulum.simulator, parameters: Plants.pendulum, start: [2, 0],
      times: (0..<100).map { 0.02 * Double($0) }, noise: [0.002, 0.03], random: &random,
      action: smooth(2))
    var fit = fit(.pendulum, values: Plants.pendulum)
    fit.parameters[0].bounds = 10...15
    fit.parameters[0].start = 12
    #expect(try fit.fit([record]).parameters[0] == 15)
  }

  @Test func tooLittleIsRefused() {
    var record = MeasuredRecord(stateCount: 2, actionCount: 1)
    for k in 0..<5 { record.append(time: Double(k), state: [0, 0], action: [0]) }
    let fit = fit(.pendulum, values: Plants.pendulum)
    #expect(throws: IdentifyError.tooLittleData(samples: 10, needed: 12)) {
      try fit.fit([record])
    }
    let cancelled = {
      var fit = fit
      fit.isCancelled = { true }
      return fit
    }()
    var random = TestRandom(1)
    let long = MeasuredRecord.simulated(
      PhysicsEquation.pendulum.simulator, parameters: Plants.pendulum, start: [1, 0],
      times: (0..<50).map { 0.02 * Double($0) }, noise: [0, 0], random: &random,
      action: smooth(1))
    #expect(throws: IdentifyError.cancelled) { try cancelled.fit([long]) }
  }
}
