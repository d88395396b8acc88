import ReplanCore
import ReplanLoop
import ReplanRecord

extension Episode {
  /// The episode without what wall time leaves in it.
  var timeless: Episode {
    var copy = self
    copy.header.created = ""
    copy.header.startTime = 0
    for i in copy.observations.indices { copy.observations[i].logTime -= header.startTime }
    for i in copy.actions.indices { copy.actions[i].logTime -= header.startTime }
    for i in copy.ticks.indices {
      copy.ticks[i].logTime -= header.startTime
      copy.ticks[i].wakeMicroseconds = 0
      copy.ticks[i].tickMicroseconds = 0
      copy.ticks[i].ageMicroseconds = 0
      copy.ticks[i].latencyMicroseconds = 0
      copy.ticks[i].transportMicroseconds = 0
    }
    return copy
  }

  /// Everything that must be the same in two runs, bit for bit; not a number equals itself here.
  var essence: [[UInt64]] {
    let episode = timeless
    func bits(_ values: [Float]) -> [UInt64] { values.map { UInt64($0.bitPattern) } }
    return episode.observations.map {
      [$0.logTime, UInt64($0.sequence), UInt64($0.actionSequence), $0.plantTime, UInt64($0.flags)]
        + bits($0.values)
    }
      + episode.actions.map {
        [$0.logTime, UInt64($0.sequence), UInt64($0.tick), UInt64($0.flags)] + bits($0.values)
      }
      + episode.ticks.map {
        [
          $0.logTime, UInt64($0.tick), UInt64($0.verdict), UInt64($0.iterations),
          UInt64($0.modelGeneration), $0.isOverrun ? 1 : 0,
        ] + bits([$0.planCost, $0.disagreement])
      }
  }
}

/// What a controller decides from recorded observations, one a tick.
struct Replayed {
  var decisions: [Decision] = []

  init(
    _ episode: Episode, _ configuration: ControllerConfiguration, index: Int,
    mode: Controller.Mode, parameters: UnsafePointer<Float>? = nil
  ) {
    let bytes = Controller.byteCount(configuration)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: Arena.alignment)
    defer { memory.deallocate() }
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    var arena = Arena(base: memory, capacity: bytes)
    var controller = Controller(configuration, arena: &arena)
    if let parameters { controller.adopt(parameters) }
    controller.begin(episode: index, mode: mode)
    for (tick, record) in episode.observations.enumerated() {
      var values = StateVector(repeating: 0)
      for (i, value) in record.values.enumerated() { values[i] = value }
      decisions.append(
        controller.tick(Observation(values: values, tick: tick), tick: tick) { _ in true })
    }
  }
}
