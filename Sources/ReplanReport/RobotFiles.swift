import ReplanRobot

/// The robot files of a workspace and its episodes, each different one once.
struct RobotFiles {
  private(set) var descriptions: [RobotDescription] = []
  private var places: [String: Result<Int, RobotError>] = [:]

  var contents: [RobotContent] { descriptions.map(RobotContent.init) }

  /// The place of a robot file among the different ones.
  mutating func add(_ text: String, file: String) throws(RobotError) -> Int {
    if let known = places[text] { return try known.get() }
    do throws(RobotError) {
      let robot = try RobotDescription.parse(text: text, file: file)
      descriptions.append(robot)
      places[text] = .success(descriptions.count - 1)
      return descriptions.count - 1
    } catch {
      places[text] = .failure(error)
      throw error
    }
  }
}
