import Glibc
public import ReplanRecord
public import ReplanRobot

/// How well a record tells its channels apart: the singular values of what a model would be regressed
/// on.
///
/// The columns are the states, angles as sine and cosine, and the actions, each without its mean and
/// divided by its deviation: all singular values are 1 where none depends on the others.
public struct RegressorReport: Sendable, Equatable {
  /// Names of the columns that vary.
  public var columns: [String]
  /// Columns that never change, of which the record tells nothing.
  public var constant: [String]
  /// Falling, divided by the root of the number of samples.
  public var singularValues: [Double]
  /// The largest over the smallest; infinite if one is 0.
  public var condition: Double
  /// The columns of the direction that the record tells least of, the largest part first.
  public var weakest: [String]
  public var samples: Int

  /// - Returns: nil for fewer transitions than columns.
  public init?(_ transitions: TransitionSet, _ robot: RobotDescription) {
    let table = RegressorTable(transitions, robot)
    let (columns, samples) = (table.names, transitions.count)
    self.samples = samples
    constant = table.constant
    self.columns = columns
    guard !columns.isEmpty, samples >= columns.count + 1 else { return nil }
    // Squares are left to the triangle, which has the same singular values.
    let triangle = DenseAlgebra.triangularized(
      table.matrix, applyingTo: Matrix(rows: samples, columns: 0))
    var upper = Matrix(rows: columns.count, columns: columns.count)
    for j in columns.indices {
      for i in 0...j { upper[i, j] = triangle.r[i, j] }
    }
    guard let found = DenseAlgebra.singular(upper) else { return nil }
    let root = Double(samples).squareRoot()
    let values = found.values.map { $0 / root }
    singularValues = values
    let smallest = values[values.count - 1]
    condition = smallest > 1e-12 ? values[0] / smallest : .infinity
    let last = columns.count - 1
    let parts = columns.indices.map { abs(found.transposedVectors[last, $0]) }
    weakest = columns.indices.filter { parts[$0] > 0.3 }.sorted { parts[$0] > parts[$1] }
      .map { table.names[$0] }
  }
}

/// Standardised columns.
private struct RegressorTable {
  private(set) var names: [String] = []
  private(set) var constant: [String] = []
  private(set) var matrix: Matrix

  init(_ transitions: TransitionSet, _ robot: RobotDescription) {
    let count = transitions.count
    var columns: [[Double]] = []
    var (names, constant): ([String], [String]) = ([], [])
    func add(_ name: String, _ values: [Double]) {
      let mean = values.reduce(0, +) / Double(max(count, 1))
      let power = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(count, 1))
      guard power > 1e-18 * max(1, mean * mean) else {
        constant.append(name)
        return
      }
      names.append(name)
      columns.append(values.map { ($0 - mean) / power.squareRoot() })
    }
    let states = robot.observation.count
    for (i, channel) in robot.observation.enumerated() {
      let values = (0..<count).map { Double(transitions.states[$0 * states + i]) }
      if channel.kind == .angle {
        add("sin \(channel.name)", values.map { sin($0) })
        add("cos \(channel.name)", values.map { cos($0) })
      } else {
        add(channel.name, values)
      }
    }
    for (a, channel) in robot.action.enumerated() {
      add(
        channel.name,
        (0..<count).map { Double(transitions.actions[$0 * robot.action.count + a]) })
    }
    self.names = names
    self.constant = constant
    matrix = Matrix(rows: count, columns: columns.count)
    matrix.values = columns.flatMap { $0 }
  }
}
