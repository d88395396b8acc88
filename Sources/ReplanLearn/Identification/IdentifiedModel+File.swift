import ReplanCore
public import ReplanRecord
public import ReplanRobot

extension IdentifiedModel {
  /// Reads a model's file to judge it on recordings of a robot.
  ///
  /// - Throws: `refused` if the model is of other channels.
  public static func read(
    _ path: String, for robot: RobotDescription
  ) throws(RecordError) -> IdentifiedModel {
    IdentifiedModel(try model(path, for: robot))
  }

  /// The model of a file, as it was stored.
  public static func model(
    _ path: String, for robot: RobotDescription
  ) throws(RecordError) -> FittedModel {
    let model = try ModelFile.read(path).model
    let structure = model.structure
    let channels = model.measuredChannels
    let wanted = robot.observation.map(\.name) + robot.action.map(\.name)
    guard channels == wanted else {
      throw .refused(
        path: path,
        reason: "its channels are \(channels.joined(separator: ", ")), robot \(robot.name) has "
          + wanted.joined(separator: ", "))
    }
    guard abs(structure.tick - Float(robot.period)) <= 1e-6 * structure.tick else {
      throw .refused(
        path: path,
        reason: "its tick is \(structure.tick) s, robot \(robot.name) has "
          + "\(robot.period) s")
    }
    return model
  }
}
