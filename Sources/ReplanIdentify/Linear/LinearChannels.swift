import ReplanCore
import ReplanLearn
import ReplanRecord
import ReplanRobot

/// How a robot's channels stand in linear records and models: those that nothing depends on come last,
/// and only their change is predicted.
struct LinearChannels {
  let robot: RobotDescription
  private let plain: PlantStructure
  /// Observation channels in the records' order.
  private let order: [Int]
  /// How many of them have a past that counts.
  let outputCount: Int

  init(_ robot: RobotDescription) {
    self.robot = robot
    plain = robot.structure()
    let all = Array(0..<plain.stateCount)
    let structure = plain
    let counting = all.filter { !structure.states[$0].isInvariant }
    // Of a plant without any other channel the motion is looked at all the same.
    order = counting.isEmpty ? all : counting + all.filter { structure.states[$0].isInvariant }
    outputCount = counting.isEmpty ? all.count : counting.count
  }

  var outputNames: [String] { order.map { robot.observation[$0].name } }
  var inputNames: [String] { robot.action.map(\.name) }

  /// Ticks of history that the core can hold.
  var longestHistory: Int {
    // Channels that are not remembered could not be looked at in the past.
    guard outputCount == plain.stateCount - invariantCount else { return 0 }
    return (Capacity.states - plain.stateCount) / plain.memoryCount(1)
  }

  private var invariantCount: Int {
    (0..<plain.stateCount).count { plain.states[$0].isInvariant }
  }

  /// Coefficients of the smallest model.
  func smallest(of settings: LinearSettings) -> Int { 1 + outputCount + plain.actionCount }

  /// Runs of whole samples, angles unwrapped: a linear model knows of no turn.
  func records(_ trajectory: Trajectory) -> [LinearRecord] {
    guard trajectory.count > 0 else { return [] }
    var result: [LinearRecord] = []
    var run: LinearRecord?
    var before: [Double] = []
    for k in 0...trajectory.count {
      guard trajectory.isPresent(k) else {
        if let run { result.append(run) }
        run = nil
        continue
      }
      var values = order.map { Double(trajectory.states[k * trajectory.stateCount + $0]) }
      if run != nil {
        for (i, channel) in order.enumerated() where plain.states[channel].isAngle {
          let turns = ((values[i] - before[i]) / (2 * .pi)).rounded()
          values[i] -= turns * 2 * .pi
        }
      }
      before = values
      // At the last sample no action is known; none is looked at.
      let action = trajectory.action(min(k, trajectory.count - 1)).map(Double.init)
      if run == nil {
        run = LinearRecord(outputCount: order.count, inputCount: plain.actionCount)
      }
      run?.append(output: values, input: action)
    }
    if let run { result.append(run) }
    return result.filter { $0.count > 2 }
  }

  /// The model as the loop runs it, with deviations and noise.
  func fit(_ model: HistoryModel, noise: [Double]) -> LinearFit {
    let memory = MemoryRobot(robot, memory: model.history)
    let structure = memory.structure
    let (s, a) = (structure.stateCount, structure.actionCount)
    var fit = LinearFit(
      structure: structure, channels: memory.channels,
      byState: [Double](repeating: 0, count: s * s), byAction: [Double](repeating: 0, count: s * a))
    let hasDeviations = !model.covariances.isEmpty
    if hasDeviations {
      fit.deviations = LinearFit.Deviations(
        byState: [Double](repeating: 0, count: s * s),
        byAction: [Double](repeating: 0, count: s * a), offset: [Double](repeating: 0, count: s))
    }
    for (target, channel) in order.enumerated() {
      func deviation(_ place: Int) -> Double {
        hasDeviations ? max(0, model.covariances[target][place, place]).squareRoot() : 0
      }
      fit.offset[channel] = model.coefficients[0, target]
      fit.deviations?.offset[channel] = deviation(0)
      fit.noiseVariance[channel] = noise[target]
      for lag in 0...model.history {
        for output in 0..<outputCount {
          let place = model.place(output: output, lag: lag)
          let at = channel * s + column(output: output, lag: lag)
          fit.byState[at] = model.coefficients[place, target]
          fit.deviations?.byState[at] = deviation(place)
        }
        for input in 0..<a {
          let place = model.place(input: input, lag: lag)
          if lag == 0 {
            fit.byAction[channel * a + input] = model.coefficients[place, target]
            fit.deviations?.byAction[channel * a + input] = deviation(place)
          } else {
            let at = channel * s + column(input: input, lag: lag)
            fit.byState[at] = model.coefficients[place, target]
            fit.deviations?.byState[at] = deviation(place)
          }
        }
      }
      if target >= outputCount { fit.byState[channel * s + channel] = 1 }
    }
    for channel in structure.measuredCount..<s {
      let source = structure.states[channel].repeats
      if source < s {
        fit.byState[channel * s + source] = 1
      } else {
        fit.byAction[channel * a + source - s] = 1
      }
    }
    return fit
  }

  // Where the core's memory holds a past value: `PlantStructure.remembering`.
  private func column(output: Int, lag: Int) -> Int {
    lag == 0
      ? order[output] : plain.stateCount + (lag - 1) * (outputCount + plain.actionCount) + output
  }

  private func column(input: Int, lag: Int) -> Int {
    plain.stateCount + (lag - 1) * (outputCount + plain.actionCount) + outputCount + input
  }
}
