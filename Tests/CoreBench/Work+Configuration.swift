import ReplanCore
import ReplanNumerics

/// The plant is a cart-pole of 20 ms ticks: position, angle (0 upright), and their velocities.
extension Work {
  /// A point mass of 0.1 kg on a massless rod of 0.8 m, on a cart of 1 kg.
  static var cartPole: CartPoleEquation {
    let (cartMass, poleMass, length): (Float, Float, Float) = (1, 0.1, 0.8)
    let mass = cartMass + poleMass
    return CartPoleEquation(
      coupling: poleMass * length / mass, gain: 1 / mass, inertia: length,
      cartFriction: Friction(transition: 0.01), pivotFriction: Friction(transition: 0.05))
  }

  var usesPhysics: Bool { hidden.isEmpty }

  func configuration(_ size: Size) -> ControllerConfiguration {
    let reach: Float = usesPhysics ? 80 : 1
    let free = StateVector(repeating: .infinity)
    let unbounded = StateVector(repeating: -.infinity)
    return ControllerConfiguration(
      structure: structure, model: model,
      limits: ActionLimits(
        low: ActionVector(repeating: -reach), high: ActionVector(repeating: reach),
        slewPerTick: ActionVector(repeating: .infinity), safe: ActionVector(repeating: 0)),
      objective: usesPhysics ? quadraticObjective : swingUpObjective,
      planner: planner(size),
      value: .expected,
      guarding: GuardConfiguration(
        observationLow: unbounded, observationHigh: free, envelopeLow: unbounded,
        envelopeHigh: free),
      timing: usesPhysics ? .immediate : .nextTick, plantLatency: 0, seed: 1,
      propagation: propagation)
  }

  private var structure: PlantStructure {
    var structure = PlantStructure(stateCount: 4, actionCount: 1, tick: 0.02)
    structure.states[2] = .init(isAngle: true)
    return structure
  }

  private var model: ModelConfiguration {
    guard !usesPhysics else { return .physics(PhysicsConfiguration(equation: .cartPole)) }
    var widths = InlineArray<4, Int>(repeating: 0)
    for (layer, width) in hidden.enumerated() { widths[layer] = width }
    return .ensemble(
      EnsembleShape(
        inputCount: structure.inputCount, outputCount: structure.outputCount,
        hiddenLayerCount: hidden.count, hidden: widths, memberCount: members, activation: .silu,
        noise: .predicted))
  }

  /// The textbook problem of the optimal-control programs: weights 1000, 1000, 0.01, 0.01 and 0.01
  /// on the squares over time, and the first four on the last state once. The angle's distance
  /// is not wrapped there either.
  private var quadraticObjective: Objective {
    let tick: Float = 0.02
    var objective = Objective(terminal: 1 / tick)
    objective.append(Term(.quadratic, channel: 0, weight: 1000 * tick))
    objective.append(Term(.quadratic, channel: 1, weight: 0.01 * tick))
    objective.append(Term(.quadratic, channel: 2, weight: 1000 * tick))
    objective.append(Term(.quadratic, channel: 3, weight: 0.01 * tick))
    objective.append(Term(.action, channel: 0, weight: 0.01 * tick))
    return objective
  }

  /// As costly to compute as the usual reward by the tip's distance, with velocities on top.
  private var swingUpObjective: Objective {
    var objective = Objective(terminal: 2)
    objective.append(Term(.angle, channel: 2, weight: 1))
    objective.append(Term(.quadratic, channel: 0, weight: 0.2))
    objective.append(Term(.quadratic, channel: 1, weight: 0.01))
    objective.append(Term(.quadratic, channel: 3, weight: 0.01))
    objective.append(Term(.action, channel: 0, weight: 0.01))
    return objective
  }

  /// Writes the model's parameters: the plant's own, or random weights.
  func fill(_ block: UnsafeMutablePointer<Float>, _ configuration: ControllerConfiguration) {
    switch configuration.model {
    case .physics: PhysicsLayout(.cartPole).pack(Work.cartPole, noiseVariance: nil, into: block)
    case .ensemble(let shape): fill(block, shape)
    case .linear, .hybrid: preconditionFailure("no work uses these")
    }
  }

  /// Normal weights that keep activations of order 1, small ones for the output, no biases.
  private func fill(_ block: UnsafeMutablePointer<Float>, _ shape: EnsembleShape) {
    let layout = ParameterLayout(shape)
    let ones = [Float](repeating: 1, count: 256)
    let zeros = [Float](repeating: 0, count: 256)
    layout.packNormalisers(
      inputMean: zeros, inputScale: ones, outputMean: zeros, outputScale: ones,
      noiseVariance: nil, into: block)
    for member in 0..<shape.memberCount {
      for layer in 0..<shape.layerCount {
        var random = Philox(
          seed: SIMD2(1, 2), episode: 0, tick: UInt32(layer), iteration: UInt32(member),
          candidate: 0)
        let spread: Float = layer == shape.hiddenLayerCount ? 0.05 : 0.5
        let scale = spread / Float(shape.fanIn(layer)).squareRoot()
        let count = shape.fanIn(layer) * shape.fanOut(layer)
        let weights = (0..<count).map { _ in scale * random.nextNormals().x }
        layout.pack(member: member, layer: layer, weight: weights, bias: zeros, into: block)
      }
    }
  }
}
