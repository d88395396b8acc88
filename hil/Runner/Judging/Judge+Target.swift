import ReplanRobot

/// What the plant did.
extension Judge {
  /// The success conditions held over the hold time, and that was over by then.
  func reachesTarget(_ recording: Recording, within: Double) -> Finding {
    var since: Double?
    var longest = 0.0
    for (time, values) in recording.states {
      guard isAtTarget(values) else {
        since = nil
        continue
      }
      let start = since ?? time
      since = start
      longest = max(longest, time - start)
      guard time - start >= robot.episode.hold - recording.period / 2 else { continue }
      return (time <= within + recording.period / 2, "reached at \(Figure.seconds(time))")
    }
    return (false, "never reached; near for at most \(Figure.seconds(longest))")
  }

  func holdsTarget(_ recording: Recording, from: Double) -> Finding {
    let states = recording.states.filter { $0.time >= from - recording.period / 2 }
    guard let last = states.last else {
      return (false, "no sample from \(Figure.seconds(from)) on")
    }
    guard let lost = states.first(where: { !isAtTarget($0.values) }) else {
      return (true, "held to \(Figure.seconds(last.time))")
    }
    let off = states.count { !isAtTarget($0.values) }
    return (false, "off at \(Figure.seconds(lost.time)), \(off) of \(states.count) samples")
  }

  func staysInEnvelope(_ recording: Recording) -> Finding {
    let states = recording.states
    guard !states.isEmpty else { return (false, "no sample") }
    for (time, values) in states {
      for limit in robot.envelope {
        guard let index = robot.observation.firstIndex(where: { $0.name == limit.channel }) else {
          continue
        }
        let value = values[index]
        guard value >= limit.limits.low, value <= limit.limits.high else {
          return (
            false, "\(limit.channel) at \(Figure.value(value)) at \(Figure.seconds(time))"
          )
        }
      }
    }
    return (true, "\(states.count) samples inside")
  }

  /// The watchdog's flag, or disarmed, and the safe action in force.
  ///
  /// What a real plant applies cannot be seen; its flags stand for it.
  func plantSafe(_ recording: Recording, within: Double, of: Double) -> Finding {
    let slack = recording.period / 2
    let safe = robot.action.map(\.safe)
    let times: [Double]
    if let plant = recording.plant {
      times = plant.filter { sample in
        (sample.isStarved || !sample.isArmed)
          && zip(sample.applied, safe).allSatisfy { abs($0 - $1) <= 1e-5 }
      }.map(\.time)
    } else {
      times = recording.observations.filter { $0.isStarved || !$0.isArmed }.map(\.time)
    }
    guard let time = times.first(where: { $0 >= of - slack }) else { return (false, "never") }
    return (time <= of + within + slack, "after \(Figure.milliseconds(time - of))")
  }

  private func isAtTarget(_ values: [Double]) -> Bool {
    robot.episode.success.allSatisfy { $0.holds(for: values[$0.index]) }
  }
}
