import ReplanCore
import ReplanLoop
import ReplanRobot

/// Rolls the newest plan out, member by member, with the model that the session uses.
final class Fan {
  private let memory: UnsafeMutableRawPointer
  private let parameters: UnsafeMutablePointer<Float>
  private let parameterCount: Int
  private var forecast: Forecast
  private var hasModel = false
  private let shape: LiveShape

  /// Members and points that are drawn at most.
  static let mostMembers = 8
  static let mostPoints = 40

  /// - Returns: nil if the session's model is of a kind that the robot file says nothing of.
  init?(_ robot: RobotDescription, _ shape: LiveShape) {
    let configuration = robot.controllerConfiguration(seed: 1)
    let structure = configuration.structure
    let candidates = [configuration.model, .linear]
    guard structure.stateCount == shape.stateCount, structure.actionCount == shape.actionCount,
      let model = candidates.first(where: {
        LiveShape.Kind($0) == shape.kind && $0.parameterCount(structure) == shape.parameterCount
      })
    else { return nil }
    self.shape = shape
    let bytes = Forecast.byteCount(model, structure)
    memory = .allocate(byteCount: bytes, alignment: Arena.alignment)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    var arena = Arena(base: memory, capacity: bytes)
    forecast = Forecast(model, structure, arena: &arena)
    parameterCount = shape.parameterCount
    let block = UnsafeMutableRawPointer.allocate(
      byteCount: parameterCount * MemoryLayout<Float>.stride, alignment: Arena.alignment)
    parameters = block.bindMemory(to: Float.self, capacity: parameterCount)
  }

  deinit {
    memory.deallocate()
    parameters.deallocate()
  }

  /// - Precondition: as many values as the shape says.
  func adopt(_ values: [Float]) {
    precondition(values.count == parameterCount)
    parameters.update(from: values, count: parameterCount)
    forecast.adopt(parameters)
    hasModel = true
  }

  /// States under the plan.
  struct Rollouts {
    var memberCount: Int
    /// Ticks of the plan from one point to the next, the first being the plan's start.
    var stride: Int
    var pointCount: Int
    /// Shape: [members × points × S].
    var states: [Float]
  }

  /// - Returns: nil before there is a model.
  func rollouts(_ view: LiveView) -> Rollouts? {
    guard hasModel else { return nil }
    let ticks = shape.horizon
    let stride = (ticks + Fan.mostPoints - 1) / Fan.mostPoints
    let points = ticks / stride + 1
    let members = min(forecast.memberCount, Fan.mostMembers)
    var states: [Float] = []
    states.reserveCapacity(members * points * shape.stateCount)
    var rollout = [Float](repeating: 0, count: (ticks + 1) * shape.stateCount)
    for member in 0..<members {
      rollout.withUnsafeMutableBufferPointer { rollout in
        forecast.run(
          member: member, from: view.planStart, under: view.plan, ticks: ticks,
          into: rollout.baseAddress!)
      }
      for point in 0..<points {
        let first = point * stride * shape.stateCount
        states += rollout[first..<first + shape.stateCount]
      }
    }
    return Rollouts(memberCount: members, stride: stride, pointCount: points, states: states)
  }
}
