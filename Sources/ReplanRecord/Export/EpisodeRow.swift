/// What of an episode belongs together: a sample, the tick that saw it, the action sent in that.
struct EpisodeRow: Equatable {
  var logTime: UInt64
  /// Index of the observation; nil for a tick that none came in for.
  var observation: Int?
  /// Index of the tick; nil for a sample that was overtaken before a tick saw it.
  var tick: Int?
  /// Index of the action sent in the tick.
  var action: Int?

  /// The rows of an episode by time; a tick and what belongs to it have one log time.
  static func rows(of episode: Episode) -> [EpisodeRow] {
    let ticks = Dictionary(
      episode.ticks.indices.map { (episode.ticks[$0].logTime, $0) }
    ) { first, _ in first }
    let actions = Dictionary(
      episode.actions.indices.map { (episode.actions[$0].logTime, $0) }
    ) { first, _ in first }
    // Of samples that were read together the last is the tick's.
    let newest = Dictionary(
      episode.observations.indices.map { (episode.observations[$0].logTime, $0) }
    ) { _, last in last }
    var rows = episode.observations.indices.map { index in
      let time = episode.observations[index].logTime
      let isNewest = newest[time] == index
      return EpisodeRow(
        logTime: time, observation: index, tick: isNewest ? ticks[time] : nil,
        action: isNewest ? actions[time] : nil)
    }
    for index in episode.ticks.indices where newest[episode.ticks[index].logTime] == nil {
      let time = episode.ticks[index].logTime
      rows.append(EpisodeRow(logTime: time, observation: nil, tick: index, action: actions[time]))
    }
    let order = rows.indices.sorted { (rows[$0].logTime, $0) < (rows[$1].logTime, $1) }
    return order.map { rows[$0] }
  }
}

/// The actions in force between the samples of an episode.
struct ActionsInForce {
  private let episode: Episode
  private var bySequence: [UInt32: [Float]] = [:]

  /// - Parameter safeAction: in force where a sample names the action 0; empty if unknown.
  init(_ episode: Episode, safeAction: [Float]) {
    self.episode = episode
    if safeAction.count == episode.header.actionChannels.count { bySequence[0] = safeAction }
    for action in episode.actions { bySequence[action.sequence] = action.values }
  }

  /// The action in force from an observation to the next, as that names it; nil if there is no next
  /// one, or if the action is not recorded.
  func after(_ observation: Int) -> [Float]? {
    let next = observation + 1
    guard next < episode.observations.count,
      episode.observations[next].sequence == episode.observations[observation].sequence &+ 1
    else { return nil }
    return bySequence[episode.observations[next].actionSequence]
  }
}
