import ReplanCore
import ReplanNumerics
import ReplanRecord

/// Transitions as the networks see them: encoded, normalised, one row of vectors each.
///
/// Inputs and outputs are in the order that `PlantStructure` documents. Sine and cosine of angles
/// stay as they are. A quantity that changes its sign in the mirrored plant is divided by its root
/// mean square, so that mirroring and normalising commute; any other is centred and divided by its
/// standard deviation. What hardly varies is divided by 1 (inputs) or 1e-6 (outputs) instead.
struct PreparedData: Sendable {
  let count: Int
  let inputVectors: Int
  let targetVectors: Int
  /// Shape [transition × inputs].
  let inputs: [Lanes]
  /// Normalised changes of state, then the cost if it is predicted. Shape [transition × outputs].
  let targets: [Lanes]
  /// Signs of the mirrored plant, 1 in the padding; nil if the plant is not symmetric.
  let mirror: (inputs: [Lanes], targets: [Lanes])?
  let inputMean: [Float]
  let inputScale: [Float]
  let outputMean: [Float]
  let outputScale: [Float]

  /// What to subtract from inputs and outputs, and what to divide them by.
  struct Normalisers {
    let inputs: [(mean: Float, scale: Float)]
    let outputs: [(mean: Float, scale: Float)]

    init(_ model: EnsembleModel) {
      inputs = zip(model.inputMean, model.inputScale).map { ($0, $1) }
      outputs = zip(model.outputMean, model.outputScale).map { ($0, $1) }
    }

    init(of data: PreparedData) {
      inputs = zip(data.inputMean, data.inputScale).map { ($0, $1) }
      outputs = zip(data.outputMean, data.outputScale).map { ($0, $1) }
    }
  }

  /// - Parameter normalisers: those of other data; nil to take them from the transitions.
  init(
    _ set: TransitionSet, structure: PlantStructure, predictsCost: Bool = false,
    normalisers: Normalisers? = nil
  ) {
    count = set.count
    var columns = PreparedData.encodedInputs(set, structure)
    var changes = PreparedData.changes(set, structure)
    // The mirrored plant costs the same.
    if predictsCost { changes.append(Column(values: set.costs, mirror: 1)) }
    var normal =
      normalisers?.inputs
      ?? columns.map { column in
        column.isDirection ? (mean: 0, scale: 1) : column.normaliser(floor: 1e-6, substitute: 1)
      }
    inputMean = normal.map(\.mean)
    inputScale = normal.map(\.scale)
    for i in columns.indices { columns[i].normalise(normal[i]) }
    normal =
      normalisers?.outputs ?? changes.map { $0.normaliser(floor: 1e-6, substitute: 1e-6) }
    outputMean = normal.map(\.mean)
    outputScale = normal.map(\.scale)
    for i in changes.indices { changes[i].normalise(normal[i]) }
    inputVectors = Lanes.vectors(for: columns.count)
    targetVectors = Lanes.vectors(for: changes.count)
    inputs = PreparedData.rows(columns, count)
    targets = PreparedData.rows(changes, count)
    mirror =
      structure.isSymmetric
      ? (PreparedData.signs(columns), PreparedData.signs(changes)) : nil
  }

  /// One input or output over all transitions.
  private struct Column {
    var values: [Float]
    /// -1 if it changes its sign in the mirrored plant.
    var mirror: Float
    /// True for sine and cosine.
    var isDirection = false

    /// - Returns: what to subtract and what to divide by.
    func normaliser(floor: Double, substitute: Float) -> (mean: Float, scale: Float) {
      var mean = 0.0
      if mirror > 0 {
        for v in values { mean += Double(v) }
        mean /= Double(values.count)
      }
      var sum = 0.0
      for v in values { sum += (Double(v) - mean) * (Double(v) - mean) }
      // A square root of a Double is exact by IEEE 754 and one instruction: the same everywhere.
      let deviation = (sum / Double(values.count)).squareRoot()
      let isConstant = deviation <= floor * (1 + mean.magnitude)
      return (Float(mean), isConstant ? substitute : Float(deviation))
    }

    mutating func normalise(_ normaliser: (mean: Float, scale: Float)) {
      for i in values.indices { values[i] = (values[i] - normaliser.mean) / normaliser.scale }
    }
  }

  private static func encodedInputs(_ set: TransitionSet, _ structure: PlantStructure) -> [Column] {
    var columns: [Column] = []
    let symmetric = structure.isSymmetric
    for c in 0..<structure.stateCount where !structure.states[c].isInvariant {
      let channel = structure.states[c]
      let mirror = symmetric ? channel.mirror : 1
      let values = (0..<set.count).map { row in
        let value = set.states[row * set.stateCount + c]
        guard structure.isDifference(c) else { return value }
        let distance = value - set.states[row * set.stateCount + channel.repeats]
        return channel.isAngle ? wrappedAngle(distance) : distance
      }
      if channel.isAngle && !channel.isMemory {
        columns.append(Column(values: values.map { sine($0) }, mirror: mirror, isDirection: true))
        columns.append(Column(values: values.map { cosine($0) }, mirror: 1, isDirection: true))
      } else {
        columns.append(Column(values: values, mirror: mirror))
      }
    }
    for a in 0..<structure.actionCount {
      let values = (0..<set.count).map { set.actions[$0 * set.actionCount + a] }
      columns.append(Column(values: values, mirror: symmetric ? structure.actionMirror[a] : 1))
    }
    return columns
  }

  /// Changes of the channels that are predicted, those of angles wrapped.
  private static func changes(_ set: TransitionSet, _ structure: PlantStructure) -> [Column] {
    var columns: [Column] = []
    for c in 0..<structure.stateCount where structure.states[c].isPredicted {
      let channel = structure.states[c]
      let values = (0..<set.count).map { row in
        let i = row * set.stateCount + c
        let change = set.nextStates[i] - set.states[i]
        return channel.isAngle ? wrappedAngle(change) : change
      }
      columns.append(Column(values: values, mirror: structure.isSymmetric ? channel.mirror : 1))
    }
    return columns
  }

  private static func rows(_ columns: [Column], _ count: Int) -> [Lanes] {
    let width = Lanes.vectors(for: columns.count)
    var rows = [Lanes](repeating: Lanes(repeating: 0), count: count * width)
    for (j, column) in columns.enumerated() {
      for i in 0..<count { rows[i * width + j / 16][j % 16] = column.values[i] }
    }
    return rows
  }

  private static func signs(_ columns: [Column]) -> [Lanes] {
    var signs = [Lanes](
      repeating: Lanes(repeating: 1), count: Lanes.vectors(for: columns.count))
    for (j, column) in columns.enumerated() { signs[j / 16][j % 16] = column.mirror }
    return signs
  }
}
