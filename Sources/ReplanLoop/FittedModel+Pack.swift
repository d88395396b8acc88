import ReplanCore
import ReplanRecord

/// From plain values to the layouts of the kernels.
extension FittedModel {
  /// - Precondition: `block` is zero and holds `configuration.parameterCount(structure)` floats.
  func pack(into block: UnsafeMutablePointer<Float>) {
    switch self {
    case .ensemble(let model): model.pack(into: block)
    case .linear(let fit): fit.pack(into: block)
    case .physics(let fit): fit.pack(into: block)
    case .hybrid(let fit):
      fit.physics.pack(into: block)
      let layout = HybridLayout(fit.physics.equation, fit.residual.shape)
      fit.residual.pack(into: block + layout.ensembleOffset)
    }
  }
}

extension EnsembleModel {
  fileprivate func pack(into block: UnsafeMutablePointer<Float>) {
    let layout = ParameterLayout(shape)
    layout.packNormalisers(
      inputMean: inputMean, inputScale: inputScale, outputMean: outputMean,
      outputScale: outputScale, noiseVariance: shape.noise == .constant ? noiseVariance : nil,
      into: block)
    for (index, layer) in layers.enumerated() {
      let inputs = shape.fanIn(index)
      let outputs = shape.fanOut(index)
      layer.weight.withUnsafeBufferPointer { weight in
        layer.bias.withUnsafeBufferPointer { bias in
          for member in 0..<shape.memberCount {
            layout.pack(
              member: member, layer: index,
              weight: weight.baseAddress! + member * inputs * outputs,
              bias: bias.baseAddress! + member * outputs, into: block)
          }
        }
      }
    }
  }
}

extension LinearFit {
  fileprivate func pack(into block: UnsafeMutablePointer<Float>) {
    LinearLayout(stateCount: structure.stateCount, actionCount: structure.actionCount).pack(
      byState: byState.map { Float($0) }, byAction: byAction.map { Float($0) },
      offset: offset.map { Float($0) }, noiseVariance: noiseVariance.map { Float($0) },
      into: block)
  }
}

extension PhysicsFit {
  fileprivate func pack(into block: UnsafeMutablePointer<Float>) {
    PhysicsLayout(equation).pack(
      parameters: parameters.map { Float($0.value) },
      noiseVariance: noiseVariance.map { Float($0) }, into: block)
  }
}
