import ReplanFaults

extension FaultInjection {
  /// What was done, in one line: "to the plant: 3 lost; …".
  var summary: String {
    var parts: [String] = []
    for (name, line) in [("to the plant", toPlant), ("to the controller", toController)] {
      let counted = FaultInjection.words(for: line.counters)
      if !counted.isEmpty { parts.append("\(name): \(counted.joined(separator: ", "))") }
    }
    let lasting = schedule.faults.indices.compactMap { index -> String? in
      let fault = schedule.faults[index]
      let isCounted = fault.kind.place != .line && samples[index] > 0
      return isCounted ? "\(fault.name) for \(samples[index]) samples" : nil
    }
    let outages =
      lasting
      + [
        (counts.restarts, "restarts"), (counts.brownOuts, "brown-outs"),
        (counts.cableOuts, "cable-outs"),
      ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    if !outages.isEmpty { parts.append("the plant: " + outages.joined(separator: ", ")) }
    return parts.isEmpty ? "nothing was done" : parts.joined(separator: "; ")
  }

  private static func words(for counters: LineFaults.Counters) -> [String] {
    [
      (counters.lost, "lost"), (counters.flipped, "flipped"),
      (counters.duplicated, "duplicated"), (counters.reordered, "swapped"),
      (counters.delayed, "delayed"), (counters.truncated, "truncated"),
      (counters.garbageBytes, "bytes of garbage"), (counters.stalls, "stalls"),
      (counters.overflowed, "dropped from a full queue"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
  }
}
