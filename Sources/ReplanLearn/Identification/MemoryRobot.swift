package import ReplanCore
package import ReplanRobot

/// A robot's model with a memory.
package struct MemoryRobot {
  let robot: RobotDescription
  let memory: Int
  package let structure: PlantStructure
  /// Names of the state channels, then of the action channels.
  package let channels: [String]
  /// False if the core cannot hold so many channels.
  let fits: Bool
  var members: Int

  package init(_ robot: RobotDescription, memory: Int) {
    self.robot = robot
    self.memory = memory
    members = robot.model.members
    let plain = robot.structure()
    fits = plain.stateCount + plain.memoryCount(memory) <= Capacity.states
    structure = memory > 0 && fits ? plain.remembering(memory) : plain
    var names = robot.observation.map(\.name)
    let remembered =
      robot.observation.indices.filter { !plain.states[$0].isInvariant }.map {
        robot.observation[$0].name
      } + robot.action.map(\.name)
    for tick in 0..<(fits ? memory : 0) { names += remembered.map { "\($0)_\(tick + 1)_ago" } }
    channels = names + robot.action.map(\.name)
  }

  /// - Throws: `LearnError.mismatch` that says how much memory is possible.
  func checkSize() throws(LearnError) {
    let plain = robot.structure()
    guard fits else {
      let wanted = plain.stateCount + plain.memoryCount(memory)
      let group = plain.memoryCount(1)
      throw .mismatch(
        "a history of \(memory) ticks makes \(wanted) state channels, \(Capacity.states) are "
          + "possible: at most \((Capacity.states - plain.stateCount) / group) ticks for robot "
          + "\(robot.name)")
    }
  }

  /// The robot file's network on this structure.
  var shape: EnsembleShape {
    var shape = robot.ensembleShape()
    shape.inputCount = structure.inputCount
    shape.outputCount = structure.outputCount
    shape.predictsCost = false
    shape.memberCount = members
    return shape
  }
}
