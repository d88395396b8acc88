import ReplanCore
import ReplanNumerics
import ReplanRecord
import Testing

@testable import ReplanLearn

/// Aleatoric and epistemic uncertainty are told apart.
@Suite struct UncertaintyApartTests {
  private static let structure = PlantStructure(stateCount: 1, actionCount: 1, tick: 0.02)

  /// Left of 0 a die decides over what an action does, right of it nothing is left to chance; beyond 1
  /// nothing has been seen.
  private static func transitions(_ count: Int, _ range: ClosedRange<Float>) -> TransitionSet {
    var set = TransitionSet(stateCount: 1, actionCount: 1)
    var source = Philox(seed: SIMD2(7, 7), episode: 0, tick: 0, iteration: 0, candidate: 0)
    for _ in 0..<count {
      let words = source.next()
      let x = range.lowerBound + (range.upperBound - range.lowerBound) * Philox.uniform(words.x)
      let action = 2 * Philox.uniform(words.y) - 1
      let eyes = Float(1 + words.z % 6)
      let change = 0.3 * action * cosine(4 * x) + (x < 0 ? 0.2 * (eyes - 3.5) : 0)
      set.append(state: [x], action: [action], nextState: [x + change])
    }
    return set
  }

  @Test(arguments: [Posterior.bootstrap, .shared, .bayesian])
  func disagreementFindsTheUnknownAndEntropyTheDice(_ posterior: Posterior) throws {
    var shape = TrainingPlants.shape(Self.structure, members: 6, noise: .predicted)
    shape.inputCount = Self.structure.inputCount
    var settings = TrainingSettings()
    settings.posterior = posterior
    settings.steps = 1500
    let model = try Trainer.fit(
      transitions: Self.transitions(4000, -1...1), structure: Self.structure, shape: shape,
      channels: ["x", "u"], settings: settings, dataHash: "")
    func mean(
      _ range: ClosedRange<Float>, _ value: (MemberOutputs, Int) -> Double
    ) -> Double {
      let outputs = MemberOutputs(model, on: Self.transitions(300, range))
      return (0..<300).reduce(0) { $0 + value(outputs, $1) } / 300
    }
    let (dice, quiet, unknown): (ClosedRange<Float>, ClosedRange<Float>, ClosedRange<Float>) = (
      -0.9 ... -0.2, 0.2...0.8, 2.2...2.6
    )
    // The noise is told where the dice are: 0.2 times that of a die, √(35/12).
    let scale = Double(model.outputScale[0])
    let told = mean(dice) { $0.noise($1, 0) }.squareRoot() * scale
    #expect(abs(told - 0.3416) < 0.06, "\(told)")
    #expect(mean(quiet) { $0.noise($1, 0) }.squareRoot() * scale < 0.05)
    // Disagreement: the unknown before the dice.
    let disagreement = { (outputs: MemberOutputs, row: Int) in outputs.disagreement(row, 0) }
    #expect(mean(unknown, disagreement) > 2 * mean(dice, disagreement))
    // Entropy of the output, which grows with the sum of both: the dice before the unknown.
    let entropy = { (outputs: MemberOutputs, row: Int) in
      Double(logarithm(Float(outputs.disagreement(row, 0) + outputs.noise(row, 0))))
    }
    // Bayesian samples disagree so much out there that even the sum points to it; others are misled.
    if posterior != .bayesian { #expect(mean(dice, entropy) > mean(unknown, entropy)) }
  }

  /// Members that are apart by 2 have an epistemic deviation of 1; noise of 0.5 is the other part.
  @Test func aForecastTellsItsParts() throws {
    let model = TwoMembers(noise: 0.5)
    var run = Trajectory(actionCount: 1, start: [0])
    for _ in 0..<4 { run.append(action: [0], state: [0]) }
    var openLoop = OpenLoop(isAngle: [false])
    openLoop.particles = 4000
    let starts = Forecasts.Start.windows(of: [run], steps: 3)
    let forecasts = try openLoop.forecast([run], from: starts, steps: 3) { model }
    for step in 1...3 {
      let place = forecasts.index(start: 0, step: step, channel: 0)
      let (all, between) = (forecasts.deviation[place], forecasts.epistemic[place])
      #expect(abs(between - Float(step)) < 0.02 * Float(step), "members drift apart")
      let within = (all * all - between * between).squareRoot()
      #expect(abs(within - 0.5 * Float(step).squareRoot()) < 0.03, "noise adds up")
    }
  }
}

/// Two members that move by 1 and −1 a tick, with noise.
private struct TwoMembers: Predictor {
  let noise: Float
  let stateCount = 1
  let actionCount = 1
  let memberCount = 2
  let noiseCount = 1

  func predictMean(
    _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    into next: UnsafeMutablePointer<Lanes>
  ) {
    for v in 0..<vectors { next[v] = state[v] }
  }

  func predict(
    member: Int, _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    normals: UnsafePointer<Lanes>, into next: UnsafeMutablePointer<Lanes>
  ) {
    let drift = Lanes(repeating: member == 0 ? 1 : -1)
    for v in 0..<vectors { next[v] = (state[v] + drift).adding(noise, times: normals[v]) }
  }
}
