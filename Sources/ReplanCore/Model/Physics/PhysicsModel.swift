public import ReplanNumerics

/// A plant's equations of motion, integrated over a tick for lanes of candidates.
///
/// It is certain of itself: one member, no disagreement. Angles are not wrapped, so a plan may turn
/// a joint over.
public struct PhysicsModel {
  public let equation: PhysicsEquation
  let integrator: RungeKutta
  let stateCount: Int
  let noise: Int
  var parameters: UnsafePointer<Float>?

  /// - Precondition: the plant has the equation's channels, in the equation's order.
  public init(
    structure: PlantStructure, configuration: PhysicsConfiguration, arena: inout Arena
  ) {
    let equation = configuration.equation
    precondition(
      structure.stateCount == equation.stateCount && structure.actionCount == equation.actionCount,
      "the plant's channels are those of its equation of motion")
    precondition(
      configuration.substeps >= 1 && configuration.substeps <= 100, "1 to 100 substeps a tick")
    self.equation = equation
    stateCount = structure.stateCount
    noise = PhysicsLayout(equation).noise
    integrator = RungeKutta(
      stateCount: equation.stateCount, actionCount: equation.actionCount,
      substeps: configuration.substeps, tick: structure.tick, arena: &arena)
  }

  /// True once parameters have been adopted.
  public var isReady: Bool { parameters != nil }

  /// Uses another block of parameters, packed by `PhysicsLayout`, from now on.
  public mutating func adopt(_ block: UnsafePointer<Float>) { parameters = block }

  /// The next states.
  ///
  /// - Shapes: state and next [S × vectors], action [A × vectors]; `next` is not `state`.
  public func predict(
    _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    into next: UnsafeMutablePointer<Lanes>
  ) {
    guard let block = parameters else { return }
    switch equation {
    case .pendulum:
      integrator.predict(
        PendulumEquation(parameters: block), state, action, vectors: vectors, into: next)
    case .cartPole:
      integrator.predict(
        CartPoleEquation(parameters: block), state, action, vectors: vectors, into: next)
    case .furutaPendulum:
      integrator.predict(
        FurutaEquation(parameters: block), state, action, vectors: vectors, into: next)
    case .motor:
      integrator.predict(
        MotorEquation(parameters: block), state, action, vectors: vectors, into: next)
    case .twoLinkArm:
      integrator.predict(
        TwoLinkArmEquation(parameters: block), state, action, vectors: vectors, into: next)
    case .twoTanks:
      integrator.predict(
        TwoTankEquation(parameters: block), state, action, vectors: vectors, into: next)
    }
  }

  /// The next states with noise added.
  ///
  /// - Shapes: normals [S × vectors], standard normal numbers.
  public func predict(
    _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    normals: UnsafePointer<Lanes>, into next: UnsafeMutablePointer<Lanes>
  ) {
    guard let block = parameters else { return }
    predict(state, action, vectors: vectors, into: next)
    addNoise(
      variance: block + noise, normals, stateCount: stateCount, vectors: vectors, to: next)
  }

  /// The Jacobian of `predict` at sixteen points side by side.
  ///
  /// - Shapes: state [S], action [A], result [S × (S + A)] row-major, ∂s'/∂s then ∂s'/∂a; one
  ///   vector of points each.
  public func linearize(
    _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>,
    into result: UnsafeMutablePointer<Lanes>
  ) {
    guard let block = parameters else { return }
    switch equation {
    case .pendulum:
      integrator.linearize(PendulumEquation(parameters: block), state, action, into: result)
    case .cartPole:
      integrator.linearize(CartPoleEquation(parameters: block), state, action, into: result)
    case .furutaPendulum:
      integrator.linearize(FurutaEquation(parameters: block), state, action, into: result)
    case .motor:
      integrator.linearize(MotorEquation(parameters: block), state, action, into: result)
    case .twoLinkArm:
      integrator.linearize(TwoLinkArmEquation(parameters: block), state, action, into: result)
    case .twoTanks:
      integrator.linearize(TwoTankEquation(parameters: block), state, action, into: result)
    }
  }
}

/// Adds √variance times a standard normal number to each state.
@inline(always)
func addNoise(
  variance: UnsafePointer<Float>, _ normals: UnsafePointer<Lanes>, stateCount: Int, vectors: Int,
  to next: UnsafeMutablePointer<Lanes>
) {
  for i in 0..<stateCount {
    let deviation = squareRoot(variance[i])
    for v in 0..<vectors {
      let at = i * vectors + v
      next[at] = next[at].adding(deviation, times: normals[at])
    }
  }
}
