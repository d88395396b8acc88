import ReplanNumerics

/// The models behind one seam: a closed enum, because the tick admits no existential.
///
/// It is switched once a batch; buffers are [channel × vectors] lanes throughout.
public enum Model {
  case ensemble(Ensemble)

  /// Members that a particle can follow; 1 for a model that is certain of itself.
  @inline(always)
  var memberCount: Int {
    switch self {
    case .ensemble(let ensemble): ensemble.memberCount
    }
  }

  /// Normal numbers that a prediction with sampled noise takes, for each lane.
  @inline(always)
  var noiseCount: Int {
    switch self {
    case .ensemble(let ensemble): ensemble.tables.outputCount
    }
  }

  /// True once there are parameters to predict with.
  @inline(always)
  var isReady: Bool {
    switch self {
    case .ensemble(let ensemble): ensemble.isReady
    }
  }

  /// The next states under the mean of all members.
  ///
  /// - Shapes: state and next [S × vectors], action [A × vectors]; `next` is not `state`.
  @inline(always)
  func predictMean(
    _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    into next: UnsafeMutablePointer<Lanes>
  ) {
    switch self {
    case .ensemble(let ensemble):
      ensemble.predictMean(state, action, vectors: vectors, into: next)
    }
  }

  /// The next states under one member.
  @inline(always)
  func predict(
    member: Int, _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    into next: UnsafeMutablePointer<Lanes>
  ) {
    switch self {
    case .ensemble(let ensemble):
      ensemble.predict(member: member, state, action, vectors: vectors, into: next)
    }
  }

  /// The next states under one member, or under the mean of all, plus noise of the variance that
  /// the model states there.
  ///
  /// - Shapes: normals [noiseCount × vectors].
  @inline(always)
  func predict(
    member: Int?, _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    normals: UnsafePointer<Lanes>, into next: UnsafeMutablePointer<Lanes>
  ) {
    switch self {
    case .ensemble(let ensemble):
      ensemble.predict(
        member: member, state, action, vectors: vectors, normals: normals, into: next)
    }
  }

  /// The Jacobian of one member's prediction, or of the mean (nil), at sixteen points side by side.
  ///
  /// - Shapes: state [S], action [A], result [S × (S + A)] row-major; one vector each.
  @inline(always)
  func linearize(
    member: Int? = nil, _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>,
    into result: UnsafeMutablePointer<Lanes>
  ) {
    switch self {
    case .ensemble(let ensemble): ensemble.linearize(member: member, state, action, into: result)
    }
  }

  /// Largest variance across members of a normalised output; 0 for a model that has one.
  @inline(always)
  func disagreement(_ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>) -> Lanes {
    switch self {
    case .ensemble(let ensemble): ensemble.disagreement(state, action)
    }
  }

  /// Uses another block of parameters from now on.
  mutating func adopt(_ block: UnsafePointer<Float>) {
    switch self {
    case .ensemble(var ensemble):
      ensemble.adopt(block)
      self = .ensemble(ensemble)
    }
  }
}
