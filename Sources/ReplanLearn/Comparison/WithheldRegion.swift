import ReplanCore
import ReplanNumerics
import ReplanRecord

/// A part of what a channel has seen that is kept from a fit, to see whether the model knows that it
/// lacks it.
///
/// It borders on the data, and its transitions are real ones, so that it is harder to notice than states
/// that resemble nothing: where the model continues what it knows, its members may well agree. A mirrored
/// plant would tell of one side by the other, so a region has both sides.
struct WithheldRegion {
  /// Of the transitions fitted to.
  static let share = 0.2

  let channel: Int
  private let isAngle: Bool
  private let centre: Float
  /// Distances from the centre that belong to it.
  private let distances: ClosedRange<Float>

  /// What lies farthest from the channel's median, on either side; of an angle those in a band of its
  /// magnitude, which the seed places.
  init(channel: Int, of set: TransitionSet, structure: PlantStructure, seed: UInt64) {
    let isAngle = structure.states[channel].isAngle
    let values = stride(from: channel, to: set.states.count, by: set.stateCount)
      .map { set.states[$0] }
    let centre = isAngle ? 0 : values.sorted()[values.count / 2]
    let sorted = values.map { Self.distance($0, centre, isAngle) }.sorted()
    var numbers = IndexSource(Stream(seed: seed, member: channel).numbers(.withheld))
    let place = isAngle ? Double(Philox.uniform(numbers.word())) : 1
    let first = Int(place * (1 - Self.share) * Double(sorted.count - 1))
    let last = min(sorted.count - 1, first + Int(Self.share * Double(sorted.count)))
    (self.channel, self.isAngle, self.centre) = (channel, isAngle, centre)
    distances = sorted[first]...sorted[last]
  }

  /// True if the state that a transition starts from lies in the region.
  func holds(_ row: Int, of set: TransitionSet) -> Bool {
    distances.contains(
      Self.distance(set.states[row * set.stateCount + channel], centre, isAngle))
  }

  private static func distance(_ value: Float, _ centre: Float, _ isAngle: Bool) -> Float {
    (isAngle ? wrappedAngle(value - centre) : value - centre).magnitude
  }
}

/// What a model makes of a region that was kept from it: means over the channels that it can tell.
struct WithheldFigures: Sendable, Equatable {
  /// Probability that the members disagree more about a held-out transition inside the region than
  /// about one outside of it; nil for a single member.
  var detection: Double?
  /// Negative log-likelihood of those inside, as `PosteriorFigures` has it.
  var likelihood: Double

  /// Fewer held-out transitions on either side tell nothing of a channel.
  private static let fewest = 20

  /// - Parameter fit: makes a model of some transitions.
  /// - Returns: nil if there is no channel with enough of them.
  init?(
    fitted: TransitionSet, heldOut: TransitionSet, structure: PlantStructure, seed: UInt64,
    fit: (TransitionSet) throws(LearnError) -> EnsembleModel
  ) throws(LearnError) {
    var detections: [Double] = []
    var likelihoods: [Double] = []
    // Nothing depends on an invariant channel, so that nothing of it can be kept back.
    for channel in 0..<structure.stateCount where !structure.states[channel].isInvariant {
      let region = WithheldRegion(channel: channel, of: fitted, structure: structure, seed: seed)
      let inside = (0..<heldOut.count).filter { region.holds($0, of: heldOut) }
      let beside = (0..<heldOut.count).filter { !region.holds($0, of: heldOut) }
      guard inside.count >= Self.fewest, beside.count >= Self.fewest else { continue }
      let rest = (0..<fitted.count).filter { !region.holds($0, of: fitted) }
      let model = try fit(fitted.rows(rest))
      let figures = PosteriorFigures(
        model, heldOut: heldOut.rows(beside), outside: heldOut.rows(inside))
      if let detection = figures.detection { detections.append(detection) }
      let outputs = MemberOutputs(model, on: heldOut.rows(inside))
      likelihoods.append(outputs.meanNegativeLogLikelihood)
    }
    guard !likelihoods.isEmpty else { return nil }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    detection = detections.isEmpty ? nil : mean(detections)
    likelihood = mean(likelihoods)
  }
}
