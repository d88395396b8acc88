import ReplanNumerics
public import ReplanRecord
public import ReplanRobot

/// The aggregated transitions D that models are fitted to, within a budget, and where each is from.
///
/// What goes beyond the budget follows from the policy, the seed and what was appended, and with
/// `redundancy` from the model that judges. A value: a copy may take an unfinished episode's transitions
/// and be thrown away.
public struct Dataset: Sendable {
  /// Where a transition is from.
  struct Origin: Sendable, Equatable {
    var episode: Int
    /// Among the transitions of its episode, from 0.
    var place: Int
    var isBase: Bool
    /// Among all that were ever appended, from 0.
    var sequence: Int
  }

  /// What the ensemble finds surprising: a figure for each transition, the higher the less redundant.
  public typealias Surprise = (TransitionSet) -> [Float]

  public let policy: DatasetDescription?
  let seed: UInt64
  public private(set) var transitions: TransitionSet
  private(set) var origins: [Origin] = []
  /// All that were ever appended, those that went included.
  public private(set) var seen = 0

  /// - Parameter policy: nil keeps everything.
  public init(
    stateCount: Int, actionCount: Int, policy: DatasetDescription? = nil, seed: UInt64 = 0
  ) {
    transitions = TransitionSet(stateCount: stateCount, actionCount: actionCount)
    self.policy = policy
    self.seed = seed
  }

  /// All of some transitions whose episodes are not known.
  public init(_ transitions: TransitionSet) {
    self.init(stateCount: transitions.stateCount, actionCount: transitions.actionCount)
    append(transitions, episode: 0, isBase: false)
  }

  public var count: Int { transitions.count }

  /// Appends an episode, then lets go what the policy does not keep.
  ///
  /// - Parameters:
  ///   - episode: its number.
  ///   - isBase: whether the base policy drove.
  ///   - surprise: for `redundancy`; without it what goes is drawn, as for `reservoir`.
  public mutating func append(
    _ more: TransitionSet, episode: Int, isBase: Bool, surprise: Surprise? = nil
  ) {
    for place in 0..<more.count {
      origins.append(
        Origin(episode: episode, place: place, isBase: isBase, sequence: seen + place))
    }
    seen += more.count
    transitions.append(more)
    dropBasePolicy()
    evict(surprise)
  }

  /// How much each transition counts, for `Trainer.fit`; nil if all count alike.
  public var weights: [Float]? {
    guard let halfLife = policy?.recency else { return nil }
    return origins.map { origin in
      exponential(-0.693_147_2 * Float(seen - 1 - origin.sequence) / Float(halfLife))
    }
  }

  /// The transitions that came with a cost.
  public var withCosts: Dataset {
    transitions.hasCosts
      ? self : keeping(transitions.costs.indices.filter { transitions.costs[$0].isFinite })
  }

  /// What the base policy collected.
  public var ofBasePolicy: Dataset { keeping(origins.indices.filter { origins[$0].isBase }) }

  /// What a model that is fitted to it says of its data, by episode.
  public var shares: [DataShare] {
    var rows: [Int: [Int]] = [:]
    var order: [Int] = []
    for (row, origin) in origins.enumerated() {
      if rows[origin.episode] == nil { order.append(origin.episode) }
      rows[origin.episode, default: []].append(row)
    }
    return order.map { episode in
      let rows = rows[episode]!
      return DataShare(
        episode: episode, base: origins[rows[0]].isBase, places: rows.map { origins[$0].place },
        hash: transitions.rows(rows).dataHash)
    }
  }

  private mutating func dropBasePolicy() {
    guard policy?.basePolicy == .drop else { return }
    let planned = origins.count { !$0.isBase }
    guard planned > 0, planned < origins.count, 2 * planned >= origins.count else { return }
    self = keeping(origins.indices.filter { !origins[$0].isBase })
  }

  private mutating func evict(_ surprise: Surprise?) {
    guard let policy, let budget = policy.budget, count > budget else { return }
    let excess = count - budget
    switch policy.eviction {
    case .oldest:
      self = keeping(Array(excess..<count))
    case .reservoir:
      evict(excess, worth: priorities)
    case .redundancy:
      evict(excess, worth: surprise.map { $0(transitions) } ?? priorities)
    }
  }

  /// Lets those go that are worth least; of equal ones the older.
  private mutating func evict(_ excess: Int, worth: [Float]) {
    let order = worth.indices.sorted { (worth[$0], $0) < (worth[$1], $1) }
    let gone = Set(order[..<excess])
    self = keeping(worth.indices.filter { !gone.contains($0) })
  }

  /// A number in 0...1 for each transition, which its origin and the seed alone decide: the highest of
  /// all that were ever seen stay, and they are a fair sample of them.
  ///
  /// - Source: Vitter 1985, Random sampling with a reservoir, doi 10.1145/3147.3165, in the form with
  ///   one random key an item: Efraimidis and Spirakis 2006, doi 10.1016/j.ipl.2005.11.003.
  private var priorities: [Float] {
    origins.map { origin in
      var numbers = Stream(seed: seed, member: origin.place).numbers(
        .eviction, part: origin.episode)
      return Philox.uniform(numbers.next().x)
    }
  }

  /// Numbers of the episodes that it is of; those that are not known left out.
  public var episodes: [Int] { Set(origins.map(\.episode)).subtracting([0]).sorted() }

  /// The rows of each unbroken run: neighbours of one episode, the later of which begins where the
  /// earlier ended.
  var runs: [Range<Int>] {
    var runs: [Range<Int>] = []
    for row in 0..<count {
      if let last = runs.last, continues(row) {
        runs[runs.count - 1] = last.lowerBound..<row + 1
      } else {
        runs.append(row..<row + 1)
      }
    }
    return runs
  }

  private func continues(_ row: Int) -> Bool {
    guard row > 0, origins[row].episode == origins[row - 1].episode,
      origins[row].place == origins[row - 1].place + 1
    else { return false }
    let states = transitions.stateCount
    return (0..<states).allSatisfy {
      transitions.nextStates[(row - 1) * states + $0] == transitions.states[row * states + $0]
    }
  }

  /// A run as a trajectory.
  func trajectory(_ rows: Range<Int>) -> Trajectory {
    let (states, actions) = (transitions.stateCount, transitions.actionCount)
    var result = Trajectory(
      actionCount: actions,
      start: Array(transitions.states[rows.lowerBound * states..<(rows.lowerBound + 1) * states]))
    for row in rows {
      result.append(
        action: Array(transitions.actions[row * actions..<(row + 1) * actions]),
        state: Array(transitions.nextStates[row * states..<(row + 1) * states]))
    }
    return result
  }

  func keeping(_ rows: [Int]) -> Dataset {
    var result = self
    result.transitions = transitions.rows(rows)
    result.origins = rows.map { origins[$0] }
    return result
  }
}
