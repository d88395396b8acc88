import ReplanCore
public import ReplanRecord
public import ReplanRobot

extension StoredModel {
  /// Reads a model file of any kind for a robot.
  ///
  /// - Throws: `refused` if the model is another robot's (channels, structure, tick or an ensemble's
  ///   shape differ), or cannot do what the robot file asks of its model.
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
    if let reason = model.mismatch(with: robot) ?? unitMismatch(with: robot)
      ?? latencyMismatch(with: robot)
    {
      throw .refused(path: path, reason: reason)
    }
  }
}

extension StoredModel {
  /// Degrees taken for radians give a model that fits everything but the robot.
  private func unitMismatch(with robot: RobotDescription) -> String? {
    guard let units = ModelProvenance(metadata).units, units != robot.units else { return nil }
    return "its units are \(units.joined(separator: ", ")), robot \(robot.name) has "
      + "\(robot.units.joined(separator: ", ")); refit with this robot file"
  }

  /// A model that predicts from the wrong action is wrong throughout.
  private func latencyMismatch(with robot: RobotDescription) -> String? {
    guard let latency else { return nil }
    guard (0...15).contains(latency) else { return "its latency is \(latency) ticks, not 0 to 15" }
    guard robot.isLatencyDeclared, robot.latency != latency else { return nil }
    return "it was identified with a latency of \(latency) ticks, robot \(robot.name) declares "
      + "\(robot.latency); set latency: \(latency) in the robot file or leave the key out, or "
      + "identify it with this robot file"
  }
}

extension FittedModel {
  /// Why a robot cannot be run with the model, and what to do; nil if it can.
  public func mismatch(with robot: RobotDescription) -> String? {
    func differs(_ what: String, _ found: String, _ wanted: String) -> String {
      let remedy =
        kind == .ensemble ? "refit with this robot file" : "identify it with this robot file"
      return "its \(what) \(found), robot \(robot.name) has \(wanted); \(remedy)"
    }
    let channels = robot.observation.map(\.name) + robot.action.map(\.name)
    guard measuredChannels == channels else {
      return differs(
        "channels are", measuredChannels.joined(separator: ", "),
        channels.joined(separator: ", "))
    }
    // A history is the model's own: the loop fills it from what it saw and sent.
    let plain = robot.structure()
    let ticks = self.structure.memoryTicks
    guard plain.stateCount + plain.memoryCount(ticks) == self.structure.stateCount else {
      return differs("declared structure", "is another one", "its own")
    }
    let structure = plain.remembering(ticks)
    guard self.structure.tick == structure.tick else {
      return differs("tick is", "\(self.structure.tick) s", "\(structure.tick) s")
    }
    guard self.structure.declares(structure) else {
      return differs("declared structure", "is another one", "its own")
    }
    // A hybrid's networks have the shape that its file says; nothing else is learned with them.
    if case .ensemble(let model) = self {
      var wanted = robot.ensembleShape()
      wanted.inputCount = structure.inputCount
      if !model.shape.isSame(as: wanted) {
        return differs("network is", model.shape.words, wanted.words)
      }
    }
    if robot.estimator.kind == .history, ticks == 0 {
      return "it has no history, which the robot file's estimator asks for; identify it with "
        + "--history, or change the estimator"
    }
    if let wanted = robot.estimator.ticks, wanted != ticks {
      return
        "its history is \(ticks) ticks, the robot file's estimator asks for \(wanted); identify "
        + "it with this robot file"
    }
    if let found = equation, let wanted = robot.model.physics?.equation.core, found != wanted {
      return differs("equation of motion is", "\(found.name)", "\(wanted.name)")
    }
    return shortfall(for: robot)
  }

  private var equation: PhysicsEquation? {
    switch self {
    case .physics(let fit): fit.equation
    case .hybrid(let fit): fit.physics.equation
    case .ensemble, .linear: nil
    }
  }

  /// What the robot file asks for that models of this kind do not have.
  private func shortfall(for robot: RobotDescription) -> String? {
    if robot.declaredObjective.learnedCost > 0, !configuration.predictsCost {
      return "the objective has a learned_cost, which this model of kind \(kind.rawValue) does not "
        + "predict; take learned_cost out of the robot file, or refit an ensemble"
    }
    let particlesDiffer = robot.propagation.noise && robot.propagation.particles > 1
    if robot.value != .expected, configuration.memberCount == 1, !particlesDiffer {
      return "value is \(robot.value.name), but a model of kind \(kind.rawValue) has one member; "
        + "set propagation: {noise: true, particles: 8}, or value: expected"
    }
    return nil
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

extension RobotDescription {
  /// Units of the state channels, then of the action channels.
  public var units: [String] { observation.map(\.unit) + action.map(\.unit) }
}
