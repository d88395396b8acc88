import ReplanCore

/// Which channel is which in a rollout of the training.
struct SequencePlaces {
  enum Kind { case linear, angle, action, difference, turn }

  struct Feature {
    var kind: Kind
    /// Of the state, or of the action.
    var channel: Int
    /// The network's input; the sine's for an angle, whose cosine follows.
    var input: Int
    /// The channel whose value is subtracted from a memory's.
    var newer = 0
  }

  private(set) var features: [Feature] = []
  /// State channel of each output.
  private(set) var predicted: [Int] = []
  private(set) var integrals: [(channel: Int, velocity: Int)] = []
  private(set) var memories: [(channel: Int, source: Int)] = []
  /// Channels whose errors count.
  private(set) var judged: [Int] = []

  init(_ structure: PlantStructure) {
    var input = 0
    for c in 0..<structure.stateCount {
      let channel = structure.states[c]
      if !channel.isInvariant {
        if structure.isDifference(c) {
          features.append(
            Feature(
              kind: channel.isAngle ? .turn : .difference, channel: c, input: input,
              newer: channel.repeats))
          input += 1
        } else {
          features.append(
            Feature(kind: channel.isAngle ? .angle : .linear, channel: c, input: input))
          input += channel.isAngle ? 2 : 1
        }
      }
      if channel.isMemory {
        memories.append((c, channel.repeats))
        continue
      }
      judged.append(c)
      if channel.isIntegrated {
        integrals.append((c, channel.velocity))
      } else {
        predicted.append(c)
      }
    }
    for a in 0..<structure.actionCount {
      features.append(Feature(kind: .action, channel: a, input: input + a))
    }
  }
}
