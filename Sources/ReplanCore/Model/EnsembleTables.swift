/// What an ensemble reads of its structure and shape on the tick: flat tables in the arena.
///
/// Indexing an inline array copies it where the optimiser does not see through; a pointer never
/// does.
struct EnsembleTables {
  enum FeatureKind: UInt8, BitwiseCopyable {
    case linear, angle, action, difference, turn
  }

  /// Where one network input (two for an angle) comes from.
  struct Feature: BitwiseCopyable {
    var channel: Int
    var kind: FeatureKind
    /// The channel whose value is subtracted from a memory's; a `turn` is wrapped.
    var newer = 0
  }

  /// One dense layer; offsets inside a member's parameters.
  struct Layer: BitwiseCopyable {
    var inputs: Int
    var outputs: Int
    var forward: Int
    var backward: Int
  }

  /// A channel that follows from its velocity.
  struct Integral: BitwiseCopyable {
    var channel: Int
    var velocity: Int
  }

  /// A channel that takes over what another one, or an action, was a tick ago.
  struct Memory: BitwiseCopyable {
    var channel: Int
    /// A state channel, or the number of states plus an action.
    var source: Int
  }

  let features: UnsafeMutablePointer<Feature>
  let featureCount: Int
  let layers: UnsafeMutablePointer<Layer>
  let layerCount: Int
  /// State channel of each output.
  let predicted: UnsafeMutablePointer<Int>
  let outputCount: Int
  /// Means of the head: the outputs, then the cost where it is predicted.
  let meanCount: Int
  let integrals: UnsafeMutablePointer<Integral>
  let integralCount: Int
  let memories: UnsafeMutablePointer<Memory>
  let memoryCount: Int

  init(_ structure: PlantStructure, _ shape: EnsembleShape, arena: inout Arena) {
    var features = structure.actionCount
    for i in 0..<structure.stateCount where !structure.states[i].isInvariant { features += 1 }
    featureCount = features
    self.features = arena.take(Feature.self, count: features)
    layerCount = shape.layerCount
    layers = arena.take(Layer.self, count: layerCount)
    outputCount = structure.outputCount
    meanCount = shape.meanCount
    predicted = arena.take(Int.self, count: outputCount)
    memoryCount = structure.stateCount - structure.measuredCount
    integralCount = structure.measuredCount - outputCount
    integrals = arena.take(Integral.self, count: max(integralCount, 1))
    memories = arena.take(Memory.self, count: max(memoryCount, 1))
  }

  /// Fills the tables; not on the tick.
  func prepare(_ structure: PlantStructure, _ layout: ParameterLayout) {
    var f = 0
    var j = 0
    var p = 0
    var r = 0
    for i in 0..<structure.stateCount {
      let channel = structure.states[i]
      if !channel.isInvariant {
        if structure.isDifference(i) {
          features[f] = Feature(
            channel: i, kind: channel.isAngle ? .turn : .difference, newer: channel.repeats)
        } else {
          features[f] = Feature(channel: i, kind: channel.isAngle ? .angle : .linear)
        }
        f += 1
      }
      if channel.isMemory {
        memories[r] = Memory(channel: i, source: channel.repeats)
        r += 1
      } else if channel.isIntegrated {
        integrals[p] = Integral(channel: i, velocity: channel.velocity)
        p += 1
      } else {
        predicted[j] = i
        j += 1
      }
    }
    for a in 0..<structure.actionCount {
      features[f + a] = Feature(channel: a, kind: .action)
    }
    for l in 0..<layerCount {
      layers[l] = Layer(
        inputs: layout.shape.fanIn(l), outputs: layout.shape.fanOut(l),
        forward: layout.forward[l], backward: layout.backward[l])
    }
  }
}
