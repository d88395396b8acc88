extension Episode {
  /// Writes a whole episode that was not recorded but made: an imported one.
  ///
  /// - Precondition: it has an outcome.
  /// - Throws: `refused` for channel names that are none, `file` for what the disk refuses; an
  ///   existing file is never overwritten, and what is left of one that failed is removed.
  public func save(to path: String) throws(RecordError) {
    guard let outcome else { preconditionFailure("an episode ends before it is written whole") }
    let writer = try EpisodeWriter(path: path, header: header, isSynchronized: false)
    do throws(RecordError) {
      for (generation, model) in models.sorted(by: { $0.key < $1.key }) {
        try writer.attach(model: model, generation: generation, logTime: header.startTime)
      }
      for record in timeline {
        switch record {
        case .observation(let record): try writer.append(observation: record)
        case .action(let record): try writer.append(action: record)
        case .tick(let record): try writer.append(tick: record)
        case .state(let record): try writer.append(state: record)
        case .decision(let record): try writer.append(decision: record)
        }
      }
      try writer.close(outcome: outcome)
    } catch {
      Files.remove(path)
      throw error
    }
  }

  private enum Entry {
    case observation(ObservationRecord)
    case action(ActionRecord)
    case tick(TickRecord)
    case state(TickValues)
    case decision(TickValues)
  }

  /// All records by their log time; at one time in the order in which a tick makes them.
  private var timeline: [Entry] {
    var entries: [(time: UInt64, entry: Entry)] = []
    entries += observations.map { ($0.logTime, .observation($0)) }
    entries += actions.map { ($0.logTime, .action($0)) }
    entries += ticks.map { ($0.logTime, .tick($0)) }
    entries += states.map { ($0.logTime, .state($0)) }
    entries += decisions.map { ($0.logTime, .decision($0)) }
    // Equal times keep their order, so that equal episodes give equal files.
    let order = entries.indices.sorted {
      (entries[$0].time, $0) < (entries[$1].time, $1)
    }
    return order.map { entries[$0].entry }
  }
}
