import ReplanRecord
import ReplanRobot
import Testing

@testable import ReplanLearn

@Suite struct DatasetTests {
  private func policy(_ text: String) throws -> DatasetDescription {
    let robot = """
      name: toy
      rate: 50
      observation: [{name: x, unit: m}]
      action: [{name: u, unit: N, min: -1, max: 1, safe: 0}]
      objective: {terms: [{quadratic: x}]}
      dataset: \(text)
      """
    return try RobotDescription.parse(text: robot, file: "robot.yaml").dataset
  }

  /// An unbroken run of `count` transitions from `first` upwards by one.
  private func run(_ count: Int, from first: Float) -> TransitionSet {
    var set = TransitionSet(stateCount: 1, actionCount: 1)
    for k in 0..<count {
      set.append(state: [first + Float(k)], action: [0.5], nextState: [first + Float(k + 1)])
    }
    return set
  }

  private func dataset(_ text: String, seed: UInt64 = 1) throws -> Dataset {
    Dataset(stateCount: 1, actionCount: 1, policy: try policy(text), seed: seed)
  }

  @Test func withoutABudgetAllIsKept() throws {
    var all = try dataset("{}")
    all.append(run(500, from: 0), episode: 1, isBase: true)
    all.append(run(500, from: 1000), episode: 2, isBase: false)
    #expect(all.count == 1000 && all.seen == 1000 && all.weights == nil)
    #expect(all.episodes == [1, 2])
  }

  @Test func theOldestGo() throws {
    var kept = try dataset("{budget: 40}")
    kept.append(run(30, from: 0), episode: 1, isBase: true)
    kept.append(run(30, from: 100), episode: 2, isBase: false)
    #expect(kept.count == 40 && kept.seen == 60)
    #expect(kept.transitions.states[..<10] == (20..<30).map { Float($0) }[...])
    #expect(kept.shares.map(\.ranges) == ["20-29", "0-29"])
    #expect(kept.shares.map(\.base) == [true, false])
  }

  /// The sample is fair to the old and the new, does not depend on how it came, and on the seed alone.
  @Test func aReservoirIsAFairSample() throws {
    let text = "{budget: 100, eviction: reservoir}"
    var (whole, pieces) = (try dataset(text), try dataset(text))
    var other = try dataset(text, seed: 2)
    for episode in 1...10 {
      let set = run(100, from: Float(1000 * episode))
      whole.append(set, episode: episode, isBase: false)
      other.append(set, episode: episode, isBase: false)
    }
    for episode in (1...10) {
      let set = run(100, from: Float(1000 * episode))
      pieces.append(set, episode: episode, isBase: false)
      #expect(pieces.count <= 100)
    }
    #expect(whole.transitions == pieces.transitions)
    #expect(whole.transitions != other.transitions)
    #expect(whole.shares.reduce(0) { $0 + $1.transitions } == 100)
    // 50 of each half are expected; five deviations of a draw without replacement are 24.
    let early = whole.shares.filter { $0.episode <= 5 }.reduce(0) { $0 + $1.transitions }
    #expect((26...74).contains(early), "\(early)")
  }

  @Test func whatIsAgreedAboutGoes() throws {
    var kept = try dataset("{budget: 32, eviction: redundancy}")
    // Surprise is the distance from 20: those about it go.
    kept.append(run(40, from: 0), episode: 1, isBase: false) { set in
      set.states.map { ($0 - 20).magnitude }
    }
    #expect(kept.count == 32)
    #expect(!kept.transitions.states.contains { ($0 - 20).magnitude < 4 })
    #expect(kept.shares.first?.ranges == "0-15, 24-39")
    // Without a judge what goes is drawn.
    var drawn = try dataset("{budget: 32, eviction: redundancy}")
    drawn.append(run(40, from: 0), episode: 1, isBase: false)
    #expect(drawn.count == 32)
  }

  @Test func theBasePolicysGoOnceThereAreAsManyOthers() throws {
    var kept = try dataset("{base_policy: drop}")
    kept.append(run(20, from: 0), episode: 1, isBase: true)
    kept.append(run(15, from: 100), episode: 2, isBase: false)
    #expect(kept.count == 35)
    kept.append(run(5, from: 200), episode: 3, isBase: false)
    #expect(kept.count == 20 && kept.episodes == [2, 3])
  }

  @Test func recencyHalves() throws {
    var kept = try dataset("{recency: 10, budget: 32}")
    kept.append(run(40, from: 0), episode: 1, isBase: false)
    let weights = try #require(kept.weights)
    #expect(weights.count == 32 && weights[31] == 1)
    #expect((weights[21] - 0.5).magnitude < 1e-5 && (weights[11] - 0.25).magnitude < 1e-5)
  }

  /// A model tells its data: one altered value changes the hash of all, and that of its episode only.
  @Test func anAlteredTransitionIsTold() throws {
    func told(altering place: Int?) throws -> (shares: [DataShare], hash: String) {
      var dataset = try dataset("{}")
      dataset.append(run(20, from: 0), episode: 1, isBase: true)
      var second = TransitionSet(stateCount: 1, actionCount: 1)
      for k in 0..<20 {
        second.append(
          state: [100 + Float(k)], action: [k == place ? Float(0.5).nextUp : 0.5],
          nextState: [101 + Float(k)])
      }
      dataset.append(second, episode: 2, isBase: false)
      let text = """
        name: toy
        rate: 50
        observation: [{name: x, unit: m}]
        action: [{name: u, unit: N, min: -1, max: 1, safe: 0}]
        objective: {terms: [{quadratic: x}]}
        model: {training: {steps: 20}}
        """
      let fitter = ModelFitter(
        robot: try RobotDescription.parse(text: text, file: "robot.yaml"), seed: 1)
      let training = try fitter.fit(dataset, round: 0, place: .betweenEpisodes).training
      return (try #require(training.data), training.dataHash)
    }
    let (before, same, after) = (
      try told(altering: nil), try told(altering: nil), try told(altering: 7)
    )
    #expect(before.shares == same.shares && before.hash == same.hash)
    #expect(before.hash != after.hash)
    #expect(before.shares[0] == after.shares[0])
    #expect(before.shares[1].hash != after.shares[1].hash)
    #expect(before.shares.map(\.ranges) == ["0-19", "0-19"])
  }

  @Test func runsAreUnbroken() throws {
    var kept = try dataset("{}")
    kept.append(run(10, from: 0), episode: 1, isBase: false)
    var torn = run(5, from: 50)
    torn.append(run(5, from: 70))
    kept.append(torn, episode: 2, isBase: false)
    #expect(kept.runs == [0..<10, 10..<15, 15..<20])
    #expect(kept.trajectory(10..<15).states == [50, 51, 52, 53, 54, 55])
  }

  @Test func transitionsWithoutACostAreLeftOut() throws {
    var kept = try dataset("{}")
    var set = TransitionSet(stateCount: 1, actionCount: 1)
    for k in 0..<10 {
      set.append(
        state: [Float(k)], action: [0], nextState: [Float(k + 1)], cost: k % 2 == 0 ? 1 : .nan)
    }
    kept.append(set, episode: 4, isBase: false)
    #expect(kept.withCosts.count == 5)
    #expect(kept.withCosts.shares.first?.ranges == "0, 2, 4, 6, 8")
  }
}
