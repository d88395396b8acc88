import ReplanCore
import ReplanRecord
import ReplanRobot
import Testing

@testable import ReplanReport

struct PredictionReviewTests {
  let robot: RobotDescription
  let modelled: ModelledEpisode
  let episode: Episode

  init() throws {
    let path = ReportWorkspace.root + "/robots/cart-pole.yaml"
    robot = try RobotDescription.load(path: path)
    modelled = ModelledEpisode(
      firstMemberOf: try #require(
        try ModelFile.read(ReportWorkspace.root + "/hil/models/cart-pole.safetensors").model
          .ensemble))
    episode = modelled.episode(robotText: robot.source, hash: "h")
  }

  private func review(_ model: EnsembleModel, fans: Int = 8) throws -> PredictionReview {
    try review(.ensemble(model), fans: fans)
  }

  private func review(_ model: FittedModel, fans: Int = 8) throws -> PredictionReview {
    var carried = episode
    carried.models[0] = try ModelFile.encode(model, metadata: [:], path: "model")
    let inUse = try ModelsInUse(carried, stored: nil)
    return try #require(
      PredictionReview(carried, robot: robot, models: inUse, mostFans: fans))
  }

  private func share(_ content: PredictionContent, step: Int, channel: Int, level: Double) throws
    -> Double
  {
    let calibration = content.calibration
    let place = try #require(calibration.levels.firstIndex(of: level))
    return Double(calibration.inside[step][channel][place]) / Double(calibration.samples[step])
  }

  @Test func aModelThatIsRightIsCalibrated() throws {
    let content = try review(modelled.model).content
    #expect(content.horizons == Array(1...50) && content.starts == 399)
    #expect(content.calibration.steps == [1, 17, 50])
    for channel in [1, 3] {
      for level in [0.5, 0.9] {
        let found = try share(content, step: 0, channel: channel, level: level)
        #expect(abs(found - level) < 0.07, "\(content.channels[channel]) \(level): \(found)")
      }
      let rmse = try #require(content.rmse[channel][0])
      let spread = try #require(content.spread[channel][0])
      #expect(abs(rmse / spread - 1) < 0.15)
    }
  }

  @Test func aModelTooSureOfItselfIsFoundOut() throws {
    var sure = modelled.model
    sure.noiseVariance = sure.noiseVariance.map { $0 / 100 }
    let content = try review(sure).content
    for channel in [1, 3] {
      #expect(try share(content, step: 0, channel: channel, level: 0.9) < 0.3)
    }
  }

  @Test func fansHoldWhatWasPredictedAndWhatCame() throws {
    let review = try review(modelled.model)
    let content = review.content
    #expect(content.fans.count == 8 && review.fans.count == 8 * 51 * 4 * 4 * 4)
    let values = review.fans.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    for (fan, time) in content.fans.enumerated() {
      let tick = Int((time * 50).rounded())
      for (h, step) in ([0] + content.horizons).enumerated() {
        for channel in 0..<4 {
          let at = ((fan * 51 + h) * 4 + channel) * 4
          let came = episode.observations[tick + step].values[channel]
          // An angle is told beside its prediction, maybe turns away.
          let distance = values[at + 3] - came
          let turns = (distance / (2 * .pi)).rounded()
          #expect(abs(distance - (channel == 2 ? turns * 2 * .pi : 0)) < 1e-3)
          #expect(values[at] <= values[at + 1] && values[at + 1] <= values[at + 2])
        }
      }
    }
  }

  @Test func theModelInUseAtATickPredictsFromIt() throws {
    var wrong = modelled.model
    wrong.outputMean = wrong.outputMean.map { $0 + 0.5 }
    var carried = episode
    carried.models = [
      0: try ModelFile.encode(wrong, metadata: [:], path: "model"),
      1: try ModelFile.encode(modelled.model, metadata: [:], path: "model"),
    ]
    for tick in 0..<200 { carried.ticks[tick].modelGeneration = 0 }
    for tick in 200..<400 { carried.ticks[tick].modelGeneration = 1 }
    let inUse = try ModelsInUse(carried, stored: nil)
    let both = try #require(
      PredictionReview(carried, robot: robot, models: inUse, mostFans: 1)
    ).content
    let right = try review(modelled.model).content
    let worst = try review(wrong).content
    // Half of the starts are predicted well: the mean square is half of that of the wrong model.
    let (mixed, good, bad) = (
      try #require(both.rmse[1][0]), try #require(right.rmse[1][0]), try #require(worst.rmse[1][0])
    )
    #expect(bad > 5 * good)
    #expect(abs(mixed * mixed / (bad * bad) - 0.5) < 0.05)
  }

  @Test func residualsOfTheRightModelHoldNothing() throws {
    let review = try review(modelled.model)
    let whole = try #require(review.content.whole)
    #expect(whole.residuals.count == 4 * (1 + robot.action.count))
    #expect(review.simulation.count == (whole.steps + 1) * 4 * 2 * 4)
    let velocities = whole.residuals.filter { $0.channel == 1 || $0.channel == 3 }
    let beyond = velocities.map { told in told.values.count { $0.magnitude > told.bound } }
    #expect(beyond.reduce(0, +) <= 5, "of about a hundred correlations: \(beyond)")
  }

  @Test func aLinearModelIsReviewedAlike() throws {
    let states = robot.observation.count
    var model = LinearFit(
      structure: robot.structure(),
      channels: robot.observation.map(\.name) + robot.action.map(\.name),
      byState: (0..<states * states).map { $0 % (states + 1) == 0 ? 1 : 0 },
      byAction: [Double](repeating: 0, count: states), noiseVariance: [0.01, 0.01, 0.01, 0.01])
    model.summary.rmse = [0, 0, 0, 0]
    let content = try review(.linear(model)).content
    #expect(content.starts == 399)
    let whole = try #require(content.whole)
    // That nothing ever changes leaves the whole motion in the residuals.
    let angle = try #require(whole.residuals.first { $0.channel == 2 && $0.action == nil })
    #expect(angle.values[0] > 3 * angle.bound)
    let spread = try #require(content.spread[0][0])
    #expect(abs(spread - 0.1) < 0.03)
  }
}
