import ReplanNumerics
public import ReplanRecord

/// Trajectories that fit a model and those that choose and calibrate it.
///
/// Whole trajectories are held out, as neighbouring samples of one are nearly the same. Where there
/// are too few of them each gives its end.
public struct HoldOut: Sendable {
  public var fitting: [Trajectory]
  public var heldOut: [Trajectory]

  /// With fewer trajectories each is cut.
  static let fewestWhole = 5

  /// - Parameter fraction: of the transitions that are held out, about.
  public init(_ trajectories: [Trajectory], fraction: Double, seed: UInt64) {
    guard trajectories.count >= Self.fewestWhole else {
      fitting = []
      heldOut = []
      for trajectory in trajectories {
        let cut = trajectory.count - Int(Double(trajectory.count) * fraction)
        if let head = trajectory.part(0..<cut) { fitting.append(head) }
        if let tail = trajectory.part(cut..<trajectory.count) { heldOut.append(tail) }
      }
      return
    }
    var order = trajectories.indices.map { Int32($0) }
    var source = IndexSource(Stream(seed: seed, member: 0).numbers(.episodes))
    order.withUnsafeMutableBufferPointer { source.shuffle($0) }
    let wanted = Double(trajectories.reduce(0) { $0 + $1.count }) * fraction
    var chosen = Set<Int>()
    var count = 0
    for index in order where Double(count) < wanted && chosen.count < trajectories.count - 1 {
      chosen.insert(Int(index))
      count += trajectories[Int(index)].count
    }
    fitting = trajectories.indices.filter { !chosen.contains($0) }.map { trajectories[$0] }
    heldOut = trajectories.indices.filter(chosen.contains).map { trajectories[$0] }
  }
}

extension Trajectory {
  /// The run over some of the transitions; nil if there is none.
  public func part(_ range: Range<Int>) -> Trajectory? {
    guard !range.isEmpty else { return nil }
    var result = Trajectory(actionCount: actionCount, start: Array(state(range.lowerBound)))
    for k in range { result.append(action: Array(action(k)), state: Array(state(k + 1))) }
    return result
  }
}
