public import ReplanNumerics

/// The seam for those who judge a model offline: the same arithmetic as on the tick, called instead
/// of inlined.
extension Model {
  /// Members and normal numbers as other modules see them.
  public var size: (members: Int, noise: Int) { (memberCount, noiseCount) }

  /// Uses another block of parameters from now on.
  public mutating func load(_ block: UnsafePointer<Float>) { adopt(block) }

  /// The next states under the mean of all members; shapes as for `predictMean` on the tick.
  public func nextMean(
    _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    into next: UnsafeMutablePointer<Lanes>
  ) {
    predictMean(state, action, vectors: vectors, into: next)
  }

  /// The next states under one member, plus noise of the variance that the model states there.
  ///
  /// - Shapes: normals [noise × vectors].
  public func next(
    member: Int, _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    normals: UnsafePointer<Lanes>, into next: UnsafeMutablePointer<Lanes>
  ) {
    predict(
      member: member, state, action, vectors: vectors, normals: normals, into: next)
  }
}
