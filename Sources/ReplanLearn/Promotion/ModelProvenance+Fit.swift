import ReplanCore
import ReplanLoop
public import ReplanRecord
public import ReplanRobot

extension ModelProvenance {
  /// What the file of a fitted model says of its data and its trust.
  ///
  /// - Parameters:
  ///   - transitions: what it was fitted to.
  ///   - episodes: numbers of the episodes that these are of.
  ///   - heldOut: numbers of those that were kept from it.
  ///   - build: the program that fitted it.
  public init(
    _ model: FittedModel, robot: RobotDescription, transitions: TransitionSet, episodes: [Int],
    heldOut: [Int], errors: Errors?, build: String
  ) {
    self.init()
    split = Split(training: episodes, heldOut: heldOut)
    self.errors = errors
    region = Self.region(transitions, robot)
    let usual = model.ensemble?.training.disagreement?.value
    gate = robot.guarding.gate.flatMap { factor in usual.map { $0 * Float(factor) } }
    units = robot.units
    self.build = build.isEmpty ? nil : build
  }

  /// What the transitions reach over; an angle's as measured, hence not wrapped.
  private static func region(_ set: TransitionSet, _ robot: RobotDescription) -> [Region] {
    func reach(_ name: String, _ values: [Float], _ width: Int, _ channel: Int) -> Region? {
      let own = stride(from: channel, to: values.count, by: width).map { values[$0] }
      guard let low = own.min(), let high = own.max() else { return nil }
      return Region(channel: name, low: low, high: high)
    }
    return robot.observation.enumerated().compactMap {
      reach($1.name, set.states, set.stateCount, $0)
    }
      + robot.action.enumerated().compactMap { reach($1.name, set.actions, set.actionCount, $0) }
  }
}
