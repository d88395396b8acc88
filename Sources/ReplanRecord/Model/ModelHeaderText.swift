import ReplanCore

/// The declared structure as the model file spells it.
struct StructureText: Codable {
  struct Channel: Codable {
    var angle: Bool
    var invariant: Bool
    /// Index of the velocity channel; -1 if there is none.
    var velocity: Int
    var mirror: Int
    /// What a memory repeats; left out of a channel that is measured.
    var repeats: Int?
  }

  var states: [Channel]
  var actionMirror: [Int]
  var symmetric: Bool
  var tick: Float

  init(_ structure: PlantStructure) {
    states = (0..<structure.stateCount).map {
      let channel = structure.states[$0]
      return Channel(
        angle: channel.isAngle, invariant: channel.isInvariant, velocity: channel.velocity,
        mirror: channel.mirror < 0 ? -1 : 1, repeats: channel.isMemory ? channel.repeats : nil)
    }
    actionMirror = (0..<structure.actionCount).map { structure.actionMirror[$0] < 0 ? -1 : 1 }
    symmetric = structure.isSymmetric
    tick = structure.tick
  }

  /// nil if a value is outside what the core accepts.
  var structure: PlantStructure? {
    let signs = states.map(\.mirror) + actionMirror
    guard (1...Capacity.states).contains(states.count),
      (1...Capacity.actions).contains(actionMirror.count), tick > 0, tick.isFinite,
      signs.allSatisfy({ $0 == 1 || $0 == -1 })
    else { return nil }
    var structure = PlantStructure(
      stateCount: states.count, actionCount: actionMirror.count, tick: tick)
    for (index, channel) in states.enumerated() {
      guard (-1..<states.count).contains(channel.velocity), channel.velocity != index,
        channel.velocity < 0 || states[channel.velocity].velocity < 0,
        Self.isSound(channel.repeats, at: index, states: states, actions: actionMirror.count)
      else { return nil }
      structure.states[index] = PlantStructure.StateChannel(
        isAngle: channel.angle, isInvariant: channel.invariant, velocity: channel.velocity,
        mirror: Float(channel.mirror), repeats: channel.repeats ?? -1)
    }
    for (index, sign) in actionMirror.enumerated() { structure.actionMirror[index] = Float(sign) }
    structure.isSymmetric = symmetric
    return structure
  }

  /// A memory repeats a channel before it or an action, and nothing measured stands behind it.
  private static func isSound(
    _ repeats: Int?, at index: Int, states: [Channel], actions: Int
  ) -> Bool {
    guard let repeats else { return index == 0 || states[index - 1].repeats == nil }
    return (0..<index).contains(repeats)
      || (states.count..<states.count + actions).contains(repeats)
  }
}

/// The network's shape as the model file spells it.
struct ShapeText: Codable {
  /// Wider networks are taken for damage: a header must not make a reader allocate at will.
  private static let largestInput = 2 * Capacity.states + Capacity.actions

  var inputs: Int
  var outputs: Int
  var hidden: [Int]
  var members: Int
  var activation: String
  var noise: String
  /// Left out where it is false, as files before the predicted cost have it.
  var predictsCost: Bool?

  private enum CodingKeys: String, CodingKey {
    case inputs, outputs, hidden, members, activation, noise
    case predictsCost = "predicts_cost"
  }

  private static let activations: [(Activation, String)] = [
    (.tanh, "tanh"), (.silu, "silu"), (.softplus, "softplus"),
  ]
  private static let noises: [(NoiseHead, String)] = [
    (.constant, "constant"), (.predicted, "predicted"),
  ]

  init(_ shape: EnsembleShape) {
    inputs = shape.inputCount
    outputs = shape.outputCount
    hidden = (0..<shape.hiddenLayerCount).map { shape.hidden[$0] }
    members = shape.memberCount
    activation = Self.activations.first { $0.0 == shape.activation }!.1
    noise = Self.noises.first { $0.0 == shape.noise }!.1
    predictsCost = shape.predictsCost ? true : nil
  }

  /// nil if a value is outside what the core accepts.
  var shape: EnsembleShape? {
    guard (1...Self.largestInput).contains(inputs), (1...Capacity.states).contains(outputs),
      (1...Capacity.hiddenLayers).contains(hidden.count),
      hidden.allSatisfy({ (1...256).contains($0) }), (1...Capacity.members).contains(members),
      let activation = Self.activations.first(where: { $0.1 == activation })?.0,
      let noise = Self.noises.first(where: { $0.1 == noise })?.0
    else { return nil }
    var widths = InlineArray<4, Int>(repeating: 0)
    for (index, width) in hidden.enumerated() { widths[index] = width }
    return EnsembleShape(
      inputCount: inputs, outputCount: outputs, hiddenLayerCount: hidden.count, hidden: widths,
      memberCount: members, activation: activation, noise: noise,
      predictsCost: predictsCost ?? false)
  }
}
