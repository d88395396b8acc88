import ReplanCore
public import ReplanRecord
public import ReplanRobot

extension StoredModel {
  /// Reads a model file for a robot.
  ///
  /// - Throws: `refused` if the model is another robot's: channels, structure, shape or tick differ.
  public static func load(_ path: String, for robot: RobotDescription) throws(RecordError)
    -> StoredModel
  {
    let stored = try ModelFile.read(path)
    try stored.check(fits: robot, path: path)
    return stored
  }

  /// - Parameter path: names the model in errors.
  /// - Throws: `refused` if the model is another robot's.
  func check(fits robot: RobotDescription, path: String) throws(RecordError) {
    func refuse(_ what: String, _ found: String, _ wanted: String) -> RecordError {
      .refused(
        path: path,
        reason:
          "its \(what) \(found), robot \(robot.name) has \(wanted); refit with this robot file"
      )
    }
    let channels = robot.observation.map(\.name) + robot.action.map(\.name)
    guard model.channels == channels else {
      throw refuse(
        "channels are", model.channels.joined(separator: ", "), channels.joined(separator: ", "))
    }
    let structure = robot.structure()
    guard model.structure.tick == structure.tick else {
      throw refuse("tick is", "\(model.structure.tick) s", "\(structure.tick) s")
    }
    guard model.structure.declares(structure) else {
      throw refuse("declared structure", "is another one", "its own")
    }
    let shape = robot.ensembleShape()
    guard model.shape.isSame(as: shape) else {
      throw refuse(
        "network is", model.shape.words, shape.words)
    }
  }
}

extension PlantStructure {
  /// True if both declare the same of every channel.
  fileprivate func declares(_ other: PlantStructure) -> Bool {
    guard
      stateCount == other.stateCount, actionCount == other.actionCount,
      isSymmetric == other.isSymmetric
    else { return false }
    return (0..<stateCount).allSatisfy { states[$0] == other.states[$0] }
      && (0..<actionCount).allSatisfy { actionMirror[$0] == other.actionMirror[$0] }
  }
}

extension EnsembleShape {
  fileprivate func isSame(as other: EnsembleShape) -> Bool { words == other.words }

  /// The shape in words that tell any two apart.
  fileprivate var words: String {
    let widths = (0..<hiddenLayerCount).map { "\(hidden[$0])" }.joined(separator: "-")
    let cost = predictsCost ? " with a cost" : ""
    return "\(memberCount) × \(inputCount)-\(widths)-\(headCount) \(activation)\(cost)"
  }
}
