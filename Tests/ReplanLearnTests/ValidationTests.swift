import ReplanNumerics
import ReplanRecord
import Testing

@testable import ReplanLearn

/// Known answers of the open-loop validation, on a plant that is known exactly.
struct ValidationTests {
  private func validator(_ horizons: [Int] = [1, 5, 25]) -> Validator {
    var openLoop = OpenLoop(isAngle: [false, true])
    openLoop.particles = 64
    var validator = Validator(channels: ["x", "angle"], openLoop: openLoop)
    validator.horizons = horizons
    return validator
  }

  @Test func aPerfectModelHasNoErrorOverAnyHorizon() throws {
    let runs = ToyPredictor.trajectories(3, length: 60)
    let found = try validator().validate(runs) { ToyPredictor() }
    #expect(found.figures.count == 2 * 4)
    for figures in found.figures {
      #expect(figures.rmse < 1e-4, "\(figures)")
      #expect(figures.nrmseFit > 0.999)
      #expect(figures.coverage90 == nil, "it states no spread")
    }
    // Every sample but the last is a start; so many have 25 samples before them.
    #expect(found.figures(channel: 0, horizon: .steps(1))?.count == 3 * 60)
    #expect(found.figures(channel: 0, horizon: .steps(25))?.count == 3 * 36)
    #expect(found.figures(channel: 1, horizon: .simulation)?.count == 3 * 60)
  }

  /// An offset b at each tick adds up to b (1 − 0.9^k) / 0.1; an angle that turns too far by 0.1 is
  /// off by 0.1 k, across the jump from π to −π.
  @Test func errorsGrowAsTheyMust() throws {
    let runs = ToyPredictor.trajectories(4, length: 80)
    let found = try validator([1, 5, 25]).validate(runs) {
      ToyPredictor(offsets: [0.2], turn: 0.4)
    }
    for (steps, error) in [(1, 0.2), (5, 0.819), (25, 1.856)] {
      let figures = try #require(found.figures(channel: 0, horizon: .steps(steps)))
      #expect(abs(figures.rmse - error) < 2e-3)
      let angle = try #require(found.figures(channel: 1, horizon: .steps(steps)))
      #expect(abs(angle.rmse - 0.1 * Double(steps)) < 2e-3)
    }
  }

  @Test func theActionIsTheOneInForceFromASampleToTheNext() throws {
    var run = Trajectory(actionCount: 1, start: [0, 0])
    run.append(action: [1], state: [1, 0.3])
    run.append(action: [10], state: [10.9, 0.6])
    run.append(action: [100], state: [109.81, 0.9])
    let found = try validator([1, 2, 3]).validate([run]) { ToyPredictor() }
    #expect(found.figures.allSatisfy { $0.rmse < 1e-4 })
    #expect(found.figures(channel: 0, horizon: .steps(3))?.count == 1)
  }

  @Test func missingSamplesAreBridgedAndNotJudged() throws {
    let whole = ToyPredictor.trajectories(1, length: 20)[0]
    var holed = Trajectory(actionCount: 1, start: Array(whole.state(0)))
    for k in 0..<20 {
      holed.append(
        action: Array(whole.action(k)), state: k == 9 ? [.nan, .nan] : Array(whole.state(k + 1)))
    }
    let found = try validator([1, 5]).validate([holed]) { ToyPredictor() }
    // Sample 10 is neither predicted from nor compared with.
    #expect(found.figures(channel: 0, horizon: .steps(1))?.count == 18)
    #expect(found.figures(channel: 0, horizon: .simulation)?.count == 19)
    #expect(found.figures.allSatisfy { $0.rmse < 1e-4 })
  }

  /// Where the plant's noise is the model's, intervals hold what they promise, over each horizon.
  @Test func honestNoiseCoversNinePartsOfTen() throws {
    let runs = ToyPredictor.trajectories(20, length: 200, noise: 0.3)
    let found = try validator().validate(runs) { ToyPredictor(noise: 0.3) }
    for horizon in [ChannelFigures.Horizon.steps(1), .steps(5), .steps(25), .simulation] {
      let figures = try #require(found.figures(channel: 0, horizon: horizon))
      #expect(abs(try #require(figures.coverage90) - 0.9) < 0.03, "\(horizon)")
      #expect(abs(figures.spread / figures.rmse - 1) < 0.1)
    }
    let levels = found.windows.calibration(channel: 0, steps: 25...25)
    for (nominal, observed) in levels { #expect(abs(nominal - observed) < 0.05) }
  }

  @Test func calibrationMendsASpreadThatIsTooNarrow() throws {
    let held = ToyPredictor.trajectories(20, length: 200, noise: 0.3, seed: 2)
    let fresh = ToyPredictor.trajectories(20, length: 200, noise: 0.3, seed: 3)
    let narrow: @Sendable () -> ToyPredictor = { ToyPredictor(offsets: [-0.1, 0.1], noise: 0.05) }
    var one = validator()
    let before = try one.validate(fresh, makePredictor: narrow)
    #expect(before.figures(channel: 0, horizon: .steps(1))!.coverage90! < 0.6)
    var openLoop = one.openLoop
    openLoop.isAngle = [false, true]
    let forecasts = try openLoop.forecast(
      held, from: Forecasts.Start.windows(of: held, steps: 25), steps: 25, makePredictor: narrow)
    let calibration = try #require(
      SpreadCalibration(
        ForecastErrors(forecasts, of: held, isAngle: openLoop.isAngle), stateCount: 2))
    one.openLoop.calibration = calibration
    let after = try one.validate(fresh, makePredictor: narrow)
    for steps in [1, 5, 25] {
      let coverage = try #require(
        after.figures(channel: 0, horizon: .steps(steps))?.coverage90)
      // A standard error above, as the next trajectories may be harder.
      #expect((0.86...0.96).contains(coverage), "\(steps) steps")
    }
  }

  /// Noise that is stated twice too large in one region and disagreement that is half as large as the
  /// errors in another: one factor for both would be wrong in either.
  @Test func noiseAndDisagreementAreCalibratedApart() throws {
    func errors(seed: UInt32) -> ForecastErrors {
      var numbers = TrainingPlants.Normals(seed: seed)
      let runs = (0..<40).map { run in
        var trajectory = Trajectory(actionCount: 1, start: [0])
        for _ in 0..<50 {
          trajectory.append(action: [0], state: [numbers.next() * (run % 2 == 0 ? 0.5 : 2)])
        }
        return trajectory
      }
      let starts = Forecasts.Start.windows(of: runs, steps: 1)
      var forecasts = Forecasts(stateCount: 1, steps: 1, starts: starts)
      for (i, start) in starts.enumerated() {
        forecasts.deviation[i] = 1
        forecasts.epistemic[i] = start.trajectory % 2 == 0 ? 0.05 : 0.999
      }
      return ForecastErrors(forecasts, of: runs, isAngle: [false])
    }
    let calibration = try #require(SpreadCalibration(errors(seed: 1), stateCount: 1))
    let factor = calibration.factor(step: 1, channel: 0)
    #expect((0.4...0.65).contains(factor.noise) && (1.6...2.6).contains(factor.disagreement))
    let fresh = errors(seed: 2)
    for side in 0...1 {
      var (inside, count) = (0, 0)
      for (i, start) in fresh.forecasts.starts.enumerated() where start.trajectory % 2 == side {
        let pair = try #require(fresh.comparison(start: i, step: 1, channel: 0))
        let spread = Spread(deviation: pair.deviation, epistemic: pair.epistemic).times(factor)
        count += 1
        if pair.error.magnitude <= CentralInterval.bound90 * spread.deviation { inside += 1 }
      }
      #expect((0.86...0.95).contains(Double(inside) / Double(count)), "side \(side)")
    }
  }

  @Test func theResultDoesNotDependOnThreads() throws {
    let runs = ToyPredictor.trajectories(7, length: 90, noise: 0.2)
    var openLoop = OpenLoop(isAngle: [false, true])
    let starts = Forecasts.Start.windows(of: runs, steps: 12)
    let results = try [1, 2, 5].map { threads in
      openLoop.threads = threads
      return try openLoop.forecast(runs, from: starts, steps: 12) {
        ToyPredictor(offsets: [0, 0.1, 0.2], noise: 0.2)
      }
    }
    for result in results.dropFirst() {
      #expect(result.mean == results[0].mean && result.deviation == results[0].deviation)
    }
  }

  @Test func nothingToJudgeIsSaid() {
    #expect(throws: LearnError.nothingToJudge) {
      try validator().validate([]) { ToyPredictor() }
    }
  }

  @Test func aModelThatLeavesTheNumbersIsSeen() throws {
    let runs = ToyPredictor.trajectories(1, length: 30)
    let found = try validator([1]).validate(runs) { ToyPredictor(offsets: [.infinity]) }
    #expect(found.figures(channel: 0, horizon: .steps(1))?.rmse == .infinity)
  }
}
