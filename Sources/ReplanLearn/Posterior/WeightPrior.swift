import ReplanCore
import ReplanNumerics

/// Independent normal numbers as the prior of a network's weights, mean 0.
///
/// A weight's deviation is gain / √inputs, with the gains that `MemberNetwork.initialise` documents and
/// 1 for the head, so that the prior's functions have about the scale of the normalised outputs; a
/// bias has 1. Both are multiplied by `ChainSettings.priorDeviation`.
struct WeightPrior {
  let scale: Float

  func deviation(of network: MemberNetwork, layer l: Int) -> Float {
    let isHead = l == network.shape.hiddenLayerCount
    let gain: Float = !isHead && network.shape.activation == .silu ? 1.414_213_6 : 1
    return scale * gain / squareRoot(Float(network.layers[l].inputs))
  }

  /// Writes one over the variance of each weight and bias; padding stays 0.
  func fillPrecisions(
    of network: MemberNetwork, _ layers: Range<Int>, into precision: UnsafeMutablePointer<Lanes>
  ) {
    // SAFETY: laid out like the network's parameters.
    for i in 0..<network.parameterVectors { precision[i] = Lanes(repeating: 0) }
    func set(_ index: Int, _ value: Float) { precision[index / 16][index % 16] = value }
    for l in layers {
      let deviation = deviation(of: network, layer: l)
      for o in 0..<network.layers[l].outputs {
        for i in 0..<network.layers[l].inputs {
          set(network.weightIndex(l, output: o, input: i), 1 / (deviation * deviation))
        }
        set(network.biasIndex(l, output: o), 1 / (scale * scale))
      }
    }
  }
}
