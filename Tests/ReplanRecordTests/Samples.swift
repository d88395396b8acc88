import ReplanCore

@testable import ReplanRecord

/// Episodes and models to record.
enum Samples {
  static let robotText = "name: cart-pole\nrate: 50 # Hz, µ\n"

  static func header(
    observations: [String] = ["position", "angle"], actions: [String] = ["force"]
  ) -> EpisodeHeader {
    EpisodeHeader(
      robotName: "cart-pole", robotText: robotText, observationChannels: observations,
      actionChannels: actions, rate: 50, tick: 0.02, seed: .max, modelHash: "abc", index: 7,
      kind: "mpc", build: "replan 0.1", created: "2026-01-01T00:00:00Z",
      startTime: 1_700_000_000_000_000_000,
      control: ControlSettings(
        basePolicy: nil, gate: 0.1, model: .file, isLockstep: true, processor: "x86-64"))
  }

  static let outcome = EpisodeOutcome(
    seconds: 2.5, isSuccess: true, episodeReturn: -12.0625, ticks: 125, overruns: 1, fallbacks: 2,
    reason: "success", droppedRecords: 4)

  /// `ticks` ticks of 20 ms with values that use all bits of a Float, the odd ones among them.
  static func episode(ticks: Int, header: EpisodeHeader = header()) -> Episode {
    var random = SeededGenerator(seed: 42)
    let odd: [Float] = [
      0, -0.0, .leastNonzeroMagnitude, -.greatestFiniteMagnitude, .infinity, .pi, 1 / 3,
    ]
    func value(_ tick: Int) -> Float {
      tick < odd.count ? odd[tick] : Float.random(in: -100...100, using: &random)
    }
    var episode = Episode(header: header, outcome: outcome)
    for tick in 0..<ticks {
      let time = header.startTime + UInt64(tick) * 20_000_000
      episode.observations.append(
        ObservationRecord(
          logTime: time, sequence: UInt32(tick), actionSequence: UInt32(max(0, tick - 1)),
          plantTime: UInt64(tick) * 20_000, flags: 1, cost: value(tick),
          values: header.observationChannels.map { _ in value(tick) }))
      episode.ticks.append(
        TickRecord(
          logTime: time + 1_000_000, tick: UInt32(tick), verdict: 1, iterations: 2,
          planCost: value(tick), disagreement: 0.25, wakeMicroseconds: 21.5,
          tickMicroseconds: 1 / 3, ageMicroseconds: -1, latencyMicroseconds: 20_100,
          modelGeneration: 3, isOverrun: tick == 3, state: 2,
          transportMicroseconds: 150.5 + Double(tick), knownTicks: 25, lock: 2,
          observations: UInt32(tick + 1), isFresh: tick != 1, elapsedSamples: 2,
          isCut: tick == 5, actionSequence: UInt32(tick + 1), observationsChecksum: .max))
      episode.states.append(
        TickValues(
          logTime: time, tick: UInt32(tick),
          values: header.observationChannels.map { _ in value(tick) }))
      episode.decisions.append(
        TickValues(
          logTime: time, tick: UInt32(tick), values: header.actionChannels.map { _ in -value(tick) }
        ))
      episode.actions.append(
        ActionRecord(
          logTime: time + 2_000_000, sequence: UInt32(tick + 1), tick: UInt32(tick), flags: 0,
          values: header.actionChannels.map { _ in value(tick) }))
    }
    return episode
  }

  /// Writes an episode; without its end if `isClosed` is false.
  static func write(
    _ episode: Episode, to path: String, isCompressed: Bool = false, isClosed: Bool = true
  ) throws {
    let writer = try EpisodeWriter(
      path: path, header: episode.header, isCompressed: isCompressed, isSynchronized: false)
    try append(episode, to: writer)
    if isClosed {
      try writer.close(outcome: episode.outcome!)
    } else {
      try writer.flush()
    }
  }

  /// The bytes of a file whose writer was cut off, in chunks of five ticks: small ones, so that it
  /// can be cut at every byte.
  static func cutOff(_ episode: Episode, isCompressed: Bool) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    var settings = MCAPWriter.Settings()
    settings.chunkNanoseconds = 100_000_000
    settings.isCompressed = isCompressed
    settings.isSynchronized = false
    let writer = try EpisodeWriter(
      file: OutputFile(creating: folder.file("e.mcap")), header: episode.header,
      settings: settings)
    try append(episode, to: writer)
    try writer.flush()
    return try folder.read("e.mcap")
  }

  private static func append(_ episode: Episode, to writer: EpisodeWriter) throws {
    for tick in episode.observations.indices {
      try writer.append(observation: episode.observations[tick])
      try writer.append(tick: episode.ticks[tick])
      try writer.append(action: episode.actions[tick])
      try writer.append(state: episode.states[tick])
      try writer.append(decision: episode.decisions[tick])
    }
  }

  /// A cart-pole ensemble: position (invariant), angle, two velocities; force.
  static func model(
    noise: NoiseHead = .constant, predictsCost: Bool = false
  ) -> EnsembleModel {
    var structure = PlantStructure(stateCount: 4, actionCount: 1, tick: 0.02)
    structure.states[0] = .init(isInvariant: true, velocity: 2, mirror: -1)
    structure.states[1] = .init(isAngle: true, velocity: 3, mirror: -1)
    structure.states[2].mirror = -1
    structure.states[3].mirror = -1
    structure.actionMirror[0] = -1
    structure.isSymmetric = true
    let shape = EnsembleShape(
      inputCount: structure.inputCount, outputCount: structure.outputCount, hiddenLayerCount: 2,
      hidden: [8, 6, 0, 0], memberCount: 3, activation: .silu, noise: noise,
      predictsCost: predictsCost)
    var random = SeededGenerator(seed: 7)
    func tensor(_ count: Int, _ range: ClosedRange<Float> = -1...1) -> [Float] {
      (0..<count).map { _ in Float.random(in: range, using: &random) }
    }
    let layers = (0..<shape.layerCount).map { layer in
      EnsembleModel.Layer(
        weight: tensor(3 * shape.fanOut(layer) * shape.fanIn(layer)),
        bias: tensor(3 * shape.fanOut(layer)))
    }
    return EnsembleModel(
      structure: structure, shape: shape, channels: ["x", "theta", "v", "omega", "force"],
      layers: layers, inputMean: tensor(shape.inputCount),
      inputScale: tensor(shape.inputCount, 0.1...2), outputMean: tensor(shape.meanCount),
      outputScale: tensor(shape.meanCount, 0.1...2),
      noiseVariance: noise == .constant ? tensor(3 * shape.meanCount, 0...1) : [],
      training: TrainingSummary(
        transitions: 321, steps: 1500, seed: .max, posterior: "bootstrap", likelihood: "squares",
        rmse: [0.001, 1 / 3, .nan, 0.4], dataHash: "00ff",
        costRMSE: predictsCost ? 0.25 : nil))
  }
}
