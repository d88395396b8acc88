import ReplanCore
import ReplanNumerics

extension MemberNetwork {
  /// Index of a weight in the floats of `parameters` and `gradients`.
  func weightIndex(_ layer: Int, output: Int, input: Int) -> Int {
    let l = layers[layer]
    return l.inputMajor
      ? 16 * (l.weight + input * l.outputVectors) + output
      : 16 * (l.weight + output * l.inputVectors) + input
  }

  func biasIndex(_ layer: Int, output: Int) -> Int { 16 * layers[layer].bias + output }

  /// Element `index` of `block`, which is `parameters`, `gradients` or laid out like them.
  func value(_ block: UnsafeMutablePointer<Lanes>, _ index: Int) -> Float {
    block[index / 16][index % 16]
  }

  func setParameter(_ index: Int, _ value: Float) { parameters[index / 16][index % 16] = value }

  /// Draws new weights: normal with standard deviation gain / √inputs, biases zero.
  ///
  /// The gain is 1 (LeCun) for tanh and softplus and √2 (He) for SiLU, which passes half of its
  /// input; 0.1 for the head, so that every member begins near "nothing changes". A constant input
  /// keeps its random weights: members then disagree where that input leaves its known value.
  func initialise(stream: Stream) {
    for i in 0..<parameterVectors { parameters[i] = Lanes(repeating: 0) }
    for l in layers.indices {
      let gain: Float =
        l == shape.hiddenLayerCount ? 0.1 : shape.activation == .silu ? 1.414_213_6 : 1
      let deviation = gain / squareRoot(Float(layers[l].inputs))
      var normals = stream.numbers(.weights, part: l)
      var drawn = SIMD4<Float>()
      var left = 0
      for o in 0..<layers[l].outputs {
        for i in 0..<layers[l].inputs {
          if left == 0 {
            drawn = normals.nextNormals()
            left = 4
          }
          left -= 1
          setParameter(weightIndex(l, output: o, input: i), deviation * drawn[left])
        }
      }
    }
    refreshCopies()
  }

  /// Takes weights [output, input] and biases [output] of all layers, as the model file has them.
  func load(_ weights: [(weight: [Float], bias: [Float])]) {
    for i in 0..<parameterVectors { parameters[i] = Lanes(repeating: 0) }
    for l in layers.indices {
      for o in 0..<layers[l].outputs {
        for i in 0..<layers[l].inputs {
          setParameter(
            weightIndex(l, output: o, input: i), weights[l].weight[o * layers[l].inputs + i])
        }
        setParameter(biasIndex(l, output: o), weights[l].bias[o])
      }
    }
    refreshCopies()
  }

  /// Weights [output, input] and biases [output] of a layer, as the model file has them.
  func export(layer l: Int) -> (weight: [Float], bias: [Float]) {
    var weight: [Float] = []
    var bias: [Float] = []
    for o in 0..<layers[l].outputs {
      for i in 0..<layers[l].inputs {
        weight.append(value(parameters, weightIndex(l, output: o, input: i)))
      }
      bias.append(value(parameters, biasIndex(l, output: o)))
    }
    return (weight, bias)
  }
}
