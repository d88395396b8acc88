extension PlantStructure {
  /// The same plant with a memory: behind the measured channels stand, for each of `ticks` ticks
  /// back, their values and the actions. Channels that nothing depends on are not remembered.
  ///
  /// - Precondition: the structure has no memory yet, and `memoryCount` channels more fit.
  public func remembering(_ ticks: Int) -> PlantStructure {
    precondition(measuredCount == stateCount, "a structure is given a memory once")
    var result = self
    result.stateCount = stateCount + memoryCount(ticks)
    var next = stateCount
    // Where the values of the tick before stand.
    let group = memoryCount(1)
    for tick in 0..<ticks {
      for i in 0..<stateCount where !states[i].isInvariant {
        result.states[next] = StateChannel(
          isAngle: states[i].isAngle, mirror: states[i].mirror,
          repeats: tick == 0 ? i : next - group)
        next += 1
      }
      for a in 0..<actionCount {
        result.states[next] = StateChannel(
          mirror: actionMirror[a], repeats: tick == 0 ? result.stateCount + a : next - group)
        next += 1
      }
    }
    return result
  }

  /// Channels that a memory of `ticks` ticks takes.
  public func memoryCount(_ ticks: Int) -> Int {
    var group = actionCount
    for i in 0..<stateCount where !states[i].isInvariant && !states[i].isMemory { group += 1 }
    return ticks * group
  }

  /// How many ticks the memory reaches back; 0 without one.
  public var memoryTicks: Int {
    var longest = 0
    for i in measuredCount..<stateCount {
      var ticks = 1
      var source = states[i].repeats
      while source >= measuredCount && source < stateCount {
        source = states[source].repeats
        ticks += 1
      }
      longest = max(longest, ticks)
    }
    return longest
  }
}
