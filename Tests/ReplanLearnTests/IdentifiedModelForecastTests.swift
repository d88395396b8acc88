import ReplanCore
import ReplanRecord
import Testing

@testable import ReplanLearn

/// A plant whose state is the action of the tick before, and the linear model that knows it.
struct IdentifiedModelForecastTests {
  private let model: IdentifiedModel
  private let run: Trajectory

  init() {
    let plain = PlantStructure(stateCount: 1, actionCount: 1, tick: 0.1)
    // Channels of the state: its value, that of the tick before, the action of the tick before.
    model = IdentifiedModel(
      .linear(
        LinearFit(
          structure: plain.remembering(1), channels: ["x", "x_1_ago", "u_1_ago", "u"],
          byState: [0, 0, 1, 1, 0, 0, 0, 0, 0], byAction: [0, 0, 1])))
    var run = Trajectory(actionCount: 1, start: [0])
    var before: Float = 0
    for k in 0..<12 {
      let action = Float((7 * k) % 5)
      run.append(action: [action], state: [before])
      before = action
    }
    self.run = run
  }

  @Test func whatThePastTellsIsForeseen() throws {
    let starts = Forecasts.Start.windows(of: [run], steps: 3)
    let found = try model.forecasts([run], from: starts, steps: 3)
    // Before the first sample nothing is known, so that nothing is predicted from it.
    #expect(found.starts == Array(starts.dropFirst()))
    for (index, start) in found.starts.enumerated() {
      for step in 1...start.steps {
        let pair = try #require(found.errors.comparison(start: index, step: step, channel: 0))
        #expect(pair.error == 0, "from \(start.sample), \(step) steps")
        #expect(pair.measured == run.states[start.sample + step])
      }
    }
  }

  @Test func aRunThatIsTooShortIsLeftOut() throws {
    var short = Trajectory(actionCount: 1, start: [1])
    short.append(action: [2], state: [0])
    let both = [short, run]
    let starts = Forecasts.Start.windows(of: both, steps: 2)
    let found = try model.forecasts(both, from: starts, steps: 2)
    #expect(!found.starts.isEmpty && found.starts.allSatisfy { $0.trajectory == 1 })
    let last = try #require(found.errors.comparison(start: 0, step: 2, channel: 0))
    #expect(last.error == 0)
    let tests = try model.residuals(both)
    #expect(tests.autocorrelations.count == 1 && tests.crossCorrelations.count == 1)
  }
}
