import ReplanCore
import ReplanNumerics
import ReplanRecord

/// What each member of an ensemble predicts for single transitions, in normalised outputs: mean and
/// noise variance, beside what was measured.
struct MemberOutputs {
  let count: Int
  let members: Int
  /// Normalised changes of state; a predicted cost is not one of them.
  let outputs: Int
  /// Shape [transition, member, output].
  private(set) var means: [Double]
  /// Same shape.
  private(set) var variances: [Double]
  /// Shape [transition, output].
  let targets: [Double]

  /// - Precondition: the transitions have the model's channels.
  init(_ model: EnsembleModel, on set: TransitionSet) {
    let shape = model.shape
    let data = PreparedData(
      set, structure: model.structure, predictsCost: shape.predictsCost,
      normalisers: .init(model))
    let (count, members, outputs) = (set.count, shape.memberCount, shape.outputCount)
    (self.count, self.members, self.outputs) = (count, members, outputs)
    means = [Double](repeating: 0, count: count * members * outputs)
    variances = means
    targets = (0..<count * outputs).map { i in
      let (row, j) = (i / outputs, i % outputs)
      return Double(data.targets[row * data.targetVectors + j / 16][j % 16])
    }
    let rows = (0..<Int32(count)).map { $0 }
    for m in 0..<members {
      NetworkPass(model.weights(of: m), shape: shape).forEach(rows, of: data) { row, units in
        for j in 0..<outputs {
          let place = (row * members + m) * outputs + j
          means[place] = Double(units.head(j))
          variances[place] =
            shape.noise == .constant
            ? Double(model.noiseVariance[m * shape.meanCount + j])
            : Double(
              exponential(limited(units.head(shape.meanCount + j), Loss.lowest, Loss.highest)))
        }
      }
    }
  }

  /// Variance of the members' means of an output: epistemic.
  func disagreement(_ row: Int, _ output: Int) -> Double {
    let mean = average(means, row, output)
    return (0..<members).reduce(0.0) {
      let distance = means[(row * members + $1) * outputs + output] - mean
      return $0 + distance * distance
    } / Double(members)
  }

  /// Mean of the members' noise variances of an output: aleatoric.
  func noise(_ row: Int, _ output: Int) -> Double { average(variances, row, output) }

  private func average(_ values: [Double], _ row: Int, _ output: Int) -> Double {
    (0..<members).reduce(0.0) { $0 + values[(row * members + $1) * outputs + output] }
      / Double(members)
  }
}

extension EnsembleModel {
  /// Weights of all layers of one member.
  func weights(of member: Int) -> [(weight: [Float], bias: [Float])] {
    layers.indices.map { l in
      let (rows, columns) = (shape.fanOut(l), shape.fanIn(l))
      let size = rows * columns
      return (
        Array(layers[l].weight[member * size..<(member + 1) * size]),
        Array(layers[l].bias[member * rows..<(member + 1) * rows])
      )
    }
  }
}
