import ReplanNumerics

/// The models behind one seam: a closed enum, because the tick admits no existential.
///
/// It is switched once a batch; buffers are [channel × vectors] lanes throughout.
public enum Model {
  case ensemble(Ensemble)
  case linear(LinearModel)
  case physics(PhysicsModel)
  case hybrid(HybridModel)

  /// Members that a particle can follow; 1 for a model that is certain of itself.
  @inline(always)
  var memberCount: Int {
    switch self {
    case .ensemble(let ensemble): ensemble.memberCount
    case .hybrid(let hybrid): hybrid.memberCount
    case .linear, .physics: 1
    }
  }

  /// True if members could disagree: of a kind without any, disagreement tells nothing.
  @inline(always)
  var hasMembers: Bool {
    switch self {
    case .ensemble, .hybrid: true
    case .linear, .physics: false
    }
  }

  /// Normal numbers that a prediction with sampled noise takes, for each lane.
  @inline(always)
  var noiseCount: Int {
    switch self {
    case .ensemble(let ensemble): ensemble.tables.meanCount
    case .hybrid(let hybrid): hybrid.ensemble.tables.meanCount
    case .linear(let linear): linear.layout.stateCount
    case .physics(let physics): physics.stateCount
    }
  }

  /// True once there are parameters to predict with.
  @inline(always)
  var isReady: Bool {
    switch self {
    case .ensemble(let ensemble): ensemble.isReady
    case .linear(let linear): linear.isReady
    case .physics(let physics): physics.isReady
    case .hybrid(let hybrid): hybrid.isReady
    }
  }

  /// The next states under the mean of all members.
  ///
  /// - Shapes: state and next [S × vectors], action [A × vectors]; `next` is not `state`. The
  ///   predicted cost [vectors] where one is wanted.
  /// - Precondition: a cost is wanted of a model that predicts it.
  @inline(always)
  func predictMean(
    _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    into next: UnsafeMutablePointer<Lanes>, cost: UnsafeMutablePointer<Lanes>? = nil
  ) {
    switch self {
    case .ensemble(let ensemble):
      ensemble.predictMean(state, action, vectors: vectors, into: next, cost: cost)
    case .linear(let linear): linear.predict(state, action, vectors: vectors, into: next)
    case .physics(let physics): physics.predict(state, action, vectors: vectors, into: next)
    case .hybrid(let hybrid):
      hybrid.predictMean(state, action, vectors: vectors, into: next, cost: cost)
    }
  }

  /// The next states under one member, and its cost where one is wanted.
  @inline(always)
  func predict(
    member: Int, _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    into next: UnsafeMutablePointer<Lanes>, cost: UnsafeMutablePointer<Lanes>? = nil
  ) {
    switch self {
    case .ensemble(let ensemble):
      ensemble.predict(member: member, state, action, vectors: vectors, into: next, cost: cost)
    case .linear(let linear): linear.predict(state, action, vectors: vectors, into: next)
    case .physics(let physics): physics.predict(state, action, vectors: vectors, into: next)
    case .hybrid(let hybrid):
      hybrid.predict(member: member, state, action, vectors: vectors, into: next, cost: cost)
    }
  }

  /// The next states under one member, or under the mean of all, plus noise of the variance that
  /// the model states there.
  ///
  /// - Shapes: normals [noiseCount × vectors].
  @inline(always)
  func predict(
    member: Int?, _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    normals: UnsafePointer<Lanes>, into next: UnsafeMutablePointer<Lanes>,
    cost: UnsafeMutablePointer<Lanes>? = nil
  ) {
    switch self {
    case .ensemble(let ensemble):
      ensemble.predict(
        member: member, state, action, vectors: vectors, normals: normals, into: next, cost: cost)
    case .linear(let linear):
      linear.predict(state, action, vectors: vectors, normals: normals, into: next)
    case .physics(let physics):
      physics.predict(state, action, vectors: vectors, normals: normals, into: next)
    case .hybrid(let hybrid):
      hybrid.predict(
        member: member, state, action, vectors: vectors, normals: normals, into: next, cost: cost)
    }
  }

  /// The Jacobian of one member's prediction, or of the mean (nil), at sixteen points side by side.
  ///
  /// - Shapes: state [S], action [A], result [S × (S + A)] row-major; one vector each. The cost's
  ///   row, where one is wanted, as `CostRow` says.
  @inline(always)
  func linearize(
    member: Int? = nil, _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>,
    into result: UnsafeMutablePointer<Lanes>, cost: UnsafeMutablePointer<Lanes>? = nil
  ) {
    switch self {
    case .ensemble(let ensemble):
      ensemble.linearize(member: member, state, action, into: result, cost: cost)
    case .linear(let linear): linear.linearize(into: result)
    case .physics(let physics): physics.linearize(state, action, into: result)
    case .hybrid(let hybrid):
      hybrid.linearize(member: member, state, action, into: result, cost: cost)
    }
  }

  /// Largest variance across members of a normalised output, lane by lane; 0 for a model that is
  /// certain.
  ///
  /// - Shapes: state [S], action [A]; one vector each.
  @inline(always)
  func disagreement(_ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>) -> Lanes {
    switch self {
    case .ensemble(let ensemble): ensemble.disagreement(state, action)
    case .hybrid(let hybrid): hybrid.disagreement(state, action)
    case .linear, .physics: Lanes(repeating: 0)
    }
  }

  /// The same for one state.
  ///
  /// - Shapes: state [S], action [A].
  @inline(always)
  func disagreement(point state: UnsafePointer<Float>, _ action: UnsafePointer<Float>) -> Float {
    switch self {
    case .ensemble(let ensemble): ensemble.disagreement(point: state, action)
    case .hybrid(let hybrid): hybrid.ensemble.disagreement(point: state, action)
    case .linear, .physics: 0
    }
  }

  /// The block of parameters in use; nil before the first.
  var parameters: UnsafePointer<Float>? {
    switch self {
    case .ensemble(let ensemble): ensemble.parameters
    case .linear(let linear): linear.parameters
    case .physics(let physics): physics.parameters
    // The physics' part is the first of the block.
    case .hybrid(let hybrid): hybrid.physics.parameters
    }
  }

  /// Uses another block of parameters from now on.
  mutating func adopt(_ block: UnsafePointer<Float>) {
    switch self {
    case .ensemble(var ensemble):
      ensemble.adopt(block)
      self = .ensemble(ensemble)
    case .linear(var linear):
      linear.adopt(block)
      self = .linear(linear)
    case .physics(var physics):
      physics.adopt(block)
      self = .physics(physics)
    case .hybrid(var hybrid):
      hybrid.adopt(block)
      self = .hybrid(hybrid)
    }
  }
}
