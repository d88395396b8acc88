import Testing

@testable import ReplanRecord

/// Known answers: observation k has the value k, action n the value 100 n, the safe action is -1.
@Suite struct TransitionsTests {
  private func episode(
    _ samples: [(sequence: UInt32, action: UInt32)], sent: ClosedRange<UInt32> = 1...9
  ) -> Episode {
    var episode = Episode(header: Samples.header(observations: ["x"], actions: ["u"]))
    episode.observations = samples.map {
      ObservationRecord(
        logTime: 0, sequence: $0.sequence, actionSequence: $0.action, plantTime: 0, flags: 1,
        cost: .nan, values: [Float($0.sequence)])
    }
    episode.actions = sent.map {
      ActionRecord(logTime: 0, sequence: $0, tick: $0, flags: 0, values: [Float($0) * 100])
    }
    return episode
  }

  private func table(_ episode: Episode, latency: Int = 0) -> [[Float]] {
    let set = episode.transitions(latency: latency, safeAction: [-1])
    return (0..<set.count).map { [set.states[$0], set.actions[$0], set.nextStates[$0]] }
  }

  private let steady: [(sequence: UInt32, action: UInt32)] = [
    (0, 0), (1, 0), (2, 1), (3, 2), (4, 3),
  ]

  @Test func theActionIsTheOneThatTheNextObservationNames() {
    #expect(table(episode(steady)) == [[0, -1, 1], [1, 100, 2], [2, 200, 3], [3, 300, 4]])
  }

  @Test func latencyShiftsTheAction() {
    #expect(
      table(episode(steady), latency: 1) == [[0, -1, 1], [1, -1, 2], [2, 100, 3], [3, 200, 4]])
    #expect(
      table(episode(steady), latency: 2) == [[0, -1, 1], [1, -1, 2], [2, -1, 3], [3, 100, 4]])
    #expect(table(episode(steady), latency: 15).allSatisfy { $0[1] == -1 })
  }

  @Test func noTransitionCrossesAGap() {
    let samples = steady.filter { $0.sequence != 2 }
    #expect(table(episode(samples)) == [[0, -1, 1], [3, 300, 4]])
    // With a latency of 2, sample 4 takes its action from sample 2, which is missing.
    #expect(table(episode(samples), latency: 2) == [[0, -1, 1]])
    #expect(table(episode(samples), latency: 1) == [[0, -1, 1], [3, 200, 4]])
  }

  @Test(arguments: [2, 4, 8] as [UInt8])
  func flaggedSamplesGiveNone(flag: UInt8) {
    var episode = episode(steady)
    episode.observations[2].flags |= flag
    #expect(table(episode) == [[0, -1, 1], [3, 300, 4]])
    #expect(table(episode, latency: 2) == [[0, -1, 1]])
  }

  @Test func theEpisodesLastSampleCounts() {
    var episode = episode(steady)
    episode.observations[4].flags |= ObservationRecord.Flag.episodeEnd
    #expect(table(episode).count == 4)
  }

  @Test func valuesThatAreNotFiniteGiveNone() {
    var observed = episode(steady)
    observed.observations[2].values[0] = .nan
    #expect(table(observed) == [[0, -1, 1], [3, 300, 4]])
    var sent = episode(steady)
    sent.actions[1].values[0] = .infinity
    #expect(table(sent) == [[0, -1, 1], [1, 100, 2], [3, 300, 4]])
  }

  @Test func anActionThatWasNotRecordedGivesNone() {
    #expect(table(episode(steady, sent: 1...2)) == [[0, -1, 1], [1, 100, 2], [2, 200, 3]])
  }

  @Test func samplesSentAgainAreTakenOnceAndAResetStartsANewRun() {
    #expect(
      table(episode([(0, 0), (1, 1), (1, 1), (2, 2)])) == [[0, 100, 1], [1, 200, 2]])
    let reset: [(sequence: UInt32, action: UInt32)] = [(4, 1), (5, 2), (0, 0), (1, 3)]
    #expect(table(episode(reset)) == [[4, 200, 5], [0, 300, 1]])
  }

  @Test func trajectoriesEndWhereATransitionIsMissing() {
    func runs(_ episode: Episode, latency: Int = 0) -> [[[Float]]] {
      episode.trajectories(latency: latency, safeAction: [-1]).map { [$0.states, $0.actions] }
    }
    #expect(runs(episode(steady)) == [[[0, 1, 2, 3, 4], [-1, 100, 200, 300]]])
    #expect(
      runs(episode(steady.filter { $0.sequence != 2 }))
        == [[[0, 1], [-1]], [[3, 4], [300]]])
    // Latency shifts the actions of all runs.
    #expect(runs(episode(steady), latency: 1) == [[[0, 1, 2, 3, 4], [-1, -1, 100, 200]]])
    // After a reset the numbers go on where the last run ended: another run all the same.
    let reset: [(sequence: UInt32, action: UInt32)] = [(3, 1), (4, 2), (0, 0), (4, 3), (5, 4)]
    #expect(runs(episode(reset)) == [[[3, 4], [200]], [[4, 5], [400]]])
    for latency in 0...2 {
      let set = TransitionSet(
        stateCount: 1, actionCount: 1,
        episode(steady).trajectories(latency: latency, safeAction: [-1]))
      #expect(set == episode(steady).transitions(latency: latency, safeAction: [-1]))
    }
  }

  @Test func theLastSequenceNumberIsNoTrap() {
    #expect(table(episode([(.max, 1), (0, 2)])).isEmpty)
    #expect(table(episode([(.max - 1, 1), (.max, 2)])).count == 1)
  }

  /// Known answers from Python's hashlib over struct.pack.
  @Test func theHashIsThatOfTheLittleEndianBytes() {
    var set = TransitionSet(stateCount: 2, actionCount: 1)
    #expect(
      set.dataHash == "66c313335fc249aefd7420b063da1bbd123fa61351b9517955aa2623eba94038")
    set.append(state: [1, -2.5], action: [0.1], nextState: [3, 4])
    #expect(
      set.dataHash == "f43bf775181c3e93c593a596357846e8756e1e0ee446344be377e5557cbe29e7")
  }
}
