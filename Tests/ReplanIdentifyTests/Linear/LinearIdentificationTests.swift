import ReplanCore
import ReplanLoop
import ReplanRecord
import ReplanRobot
import Synchronization
import Testing

@testable import ReplanIdentify
@testable import ReplanLearn

/// From recordings to a model that the controller runs.
@Suite struct LinearIdentificationTests {
  /// A mass on a rail that drags a second one by a spring, with a little dry friction; the position of
  /// the first alone is measured.
  struct DraggedMass {
    var (position, velocity, other, otherVelocity) = (0.0, 0.0, 0.0, 0.0)
    static let tick = 0.02

    mutating func step(_ force: Double) {
      for _ in 0..<20 {
        let h = Self.tick / 20
        let pull = 40 * (other - position) + 0.8 * (otherVelocity - velocity)
        let friction = 0.8 * velocity + 0.02 * (velocity > 0 ? 1 : velocity < 0 ? -1 : 0)
        velocity += h * (force + pull - friction) / 1.0
        otherVelocity += h * (-pull - 0.2 * otherVelocity) / 0.5
        // A weak spring holds it at home.
        velocity -= h * 2 * position
        position += h * velocity
        other += h * otherVelocity
      }
    }
  }

  static func robot(_ planner: String, extra: String = "") throws -> RobotDescription {
    try RobotDescription.parse(
      text: """
        name: dragged
        rate: 50
        observation:
          - {name: position, unit: m}
        action:
          - {name: force, unit: N, min: -5, max: 5, safe: 0}
        objective:
          terms:
            - {quadratic: position, target: 0.4, weight: 1}
            - {action: force, weight: 0.0001}
        planner: \(planner)
        \(extra)
        """, file: "dragged.yaml")
  }

  static func recording(seed: UInt64, ticks: Int, noise: Double = 0.0005) -> Recording {
    var random = TestRandom(seed)
    var plant = DraggedMass()
    func measured() -> [Float] { [Float(plant.position + noise * random.normal())] }
    var trajectory = Trajectory(actionCount: 1, start: measured())
    var force = 0.0
    for k in 0..<ticks {
      if k % 5 == 0 { force = random.uniform(-4, 4) }
      plant.step(force)
      trajectory.append(action: [Float(force)], state: measured())
    }
    return Recording(path: "recording \(seed)", trajectories: [trajectory])
  }

  static func data(_ robot: RobotDescription, _ recordings: [Recording]) -> IdentificationData {
    IdentificationData(robot: robot, recordings: recordings, hash: "")
  }

  static func fitted(
    _ robot: RobotDescription, _ method: LinearIdentification
  ) throws -> FittedModel {
    let recordings = [recording(seed: 1, ticks: 1500), recording(seed: 2, ticks: 700)]
    return .linear(try method.linear(data(robot, recordings)) { _ in })
  }

  @Test func aModelOfPastSamplesIsValidatedLikeAnyOther() throws {
    let robot = try Self.robot("{kind: lqr}")
    let events = Mutex<[IdentificationEvent]>([])
    var method = LinearIdentification()
    method.told = { event in events.withLock { $0.append(event) } }
    let model = try method.fit(
      Self.data(robot, [Self.recording(seed: 1, ticks: 1500)])
    ) { _ in }
    #expect(model.kind == "linear" && model.channels == ["position"])
    #expect(model.structure.memoryTicks >= 1)
    let judged = try model.validate(
      Self.recording(seed: 9, ticks: 500).trajectories, settings: ValidationSettings())
    let ahead = try #require(judged.figures(channel: 0, horizon: .steps(25)))
    #expect(ahead.nrmseFit > 0.9)
    let simulated = try #require(judged.figures(channel: 0, horizon: .simulation))
    #expect(simulated.nrmseFit > 0.8)
    let covered = try #require(ahead.coverage90)
    #expect(covered > 0.75 && covered < 0.99)
    let told = events.withLock { $0 }
    let orders = told.compactMap { if case .order(let tried) = $0 { tried } else { nil } }
    #expect(orders.count { $0.isChosen } == 1)
    #expect(Set(orders.map(\.method)) == ["arx", "oe", "n4sid", "dmdc"])
    let coefficients = told.compactMap {
      if case .coefficient(let found) = $0 { found } else { nil }
    }
    #expect(coefficients.contains { $0.channel == "position" && $0.regressor == "force" })
    #expect(coefficients.allSatisfy { ($0.deviation ?? 0) > 0 })
  }

  @Test(arguments: LinearMethod.allCases)
  func eachMethodGivesAModelThatIsStoredAndReadAsItWas(_ kind: LinearMethod) throws {
    let robot = try Self.robot("{kind: lqr}")
    var method = LinearIdentification()
    method.methods = [kind]
    method.orders = kind == .dmdc ? [1] : [3, 4]
    guard case .linear(let fit) = try Self.fitted(robot, method) else {
      Issue.record("another kind")
      return
    }
    let bytes = try ModelFile.encode(.linear(fit), path: "m")
    guard case .linear(let read) = try ModelFile.decode(bytes, path: "m").model else {
      Issue.record("another kind")
      return
    }
    #expect(read.byState == fit.byState && read.byAction == fit.byAction)
    #expect(read.deviations == fit.deviations && read.deviations != nil)
    #expect(FittedModel.linear(read).mismatch(with: robot) == nil)
    #expect(fit.summary.method.hasPrefix(kind.rawValue))
  }

  /// From rest to a target, under each planner: one observation, one action a tick later.
  @Test(arguments: ["{kind: lqr}", "{kind: ilqr, horizon: 0.6}"])
  func theModelRegulatesItsPlant(_ planner: String) throws {
    let robot = try Self.robot(planner)
    var method = LinearIdentification()
    method.methods = [.arx, .oe, .n4sid]
    let block = ModelBlock(try Self.fitted(robot, method))
    let configuration = robot.controllerConfiguration(
      seed: 1, model: block.configuration, memory: block.memoryTicks)
    let bytes = Controller.byteCount(configuration)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: Arena.alignment)
    defer { memory.deallocate() }
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    var arena = Arena(base: memory, capacity: bytes)
    var controller = Controller(configuration, arena: &arena)
    controller.adopt(block.parameters)
    controller.begin(episode: 0, mode: .plan)
    var random = TestRandom(5)
    var plant = DraggedMass()
    var inForce = 0.0
    var late: [Double] = []
    for tick in 0..<400 {
      var values = StateVector(repeating: 0)
      values[0] = Float(plant.position + 0.0005 * random.normal())
      let decision = controller.tick(Observation(values: values, tick: tick), tick: tick) { _ in
        true
      }
      plant.step(inForce)
      inForce = Double(decision.action[0])
      if tick >= 300 { late.append(plant.position) }
    }
    let mean = late.reduce(0, +) / Double(late.count)
    #expect(abs(mean - 0.4) < 0.03)
    #expect(late.allSatisfy { abs($0 - 0.4) < 0.06 })
  }

  @Test func whatCannotBeIdentifiedIsSaid() throws {
    let robot = try Self.robot("{kind: lqr}")
    func error(_ recordings: [Recording], _ change: (inout LinearIdentification) -> Void = { _ in })
      throws -> IdentifyError?
    {
      var method = LinearIdentification()
      change(&method)
      do {
        _ = try method.fit(Self.data(robot, recordings)) { _ in }
        return nil
      } catch {
        return error as? IdentifyError
      }
    }
    var still = Trajectory(actionCount: 1, start: [0])
    for k in 0..<200 { still.append(action: [0], state: [Float(k % 7)]) }
    let unmoved = Recording(path: "still", trajectories: [still])
    #expect(try error([unmoved]) == .constant(channel: "force"))
    #expect("\(IdentifyError.constant(channel: "force"))".contains("excite"))
    let short = Self.recording(seed: 1, ticks: 6)
    guard case .tooLittleData = try error([short]) else {
      Issue.record("six ticks are no data")
      return
    }
    guard case .noOrder = try error([Self.recording(seed: 1, ticks: 200)], { $0.orders = [99] })
    else {
      Issue.record("an order of 99 does not fit")
      return
    }
    guard
      case .delayTooLong = try error([Self.recording(seed: 1, ticks: 200)], { $0.inputDelay = 40 })
    else {
      Issue.record("a delay of 40 does not fit")
      return
    }
  }

  @Test func invariantChannelsAndGapsAndTurnsAreLookedThrough() throws {
    let robot = try RobotDescription.parse(
      text: """
        name: wheel
        rate: 50
        observation:
          - {name: turn, unit: rad, kind: angle}
          - {name: speed, unit: rad/s}
        action:
          - {name: torque, unit: N·m, min: -5, max: 5, safe: 0}
        structure:
          invariant: [turn]
        objective:
          terms:
            - {quadratic: speed, target: 0, weight: 1}
        """, file: "wheel.yaml")
    var random = TestRandom(4)
    var (turn, speed) = (0.0, 3.0)
    var trajectory = Trajectory(actionCount: 1, start: [0, 3])
    for k in 0..<600 {
      let torque = random.uniform(-2, 2)
      turn += 0.02 * speed
      speed = 0.98 * speed + 0.1 * torque
      let isMissing = k == 300
      trajectory.append(
        action: [Float(torque)],
        state: isMissing
          ? [.nan, .nan] : [Float(turn.remainder(dividingBy: 2 * .pi)), Float(speed)])
    }
    var method = LinearIdentification()
    method.methods = [.arx]
    method.orders = [1]
    let fit = try method.linear(
      Self.data(robot, [Recording(path: "wheel", trajectories: [trajectory])])
    ) { _ in }
    #expect(fit.structure.stateCount == 2)
    let expected = [1, 0.02, 0, 0.98]
    for (found, value) in zip(fit.byState, expected) { #expect(abs(found - value) < 1e-3) }
    #expect(abs(fit.byAction[1] - 0.1) < 1e-3)
  }
}
