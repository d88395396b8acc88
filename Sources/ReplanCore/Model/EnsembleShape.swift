/// The activation between hidden layers.
public enum Activation: UInt8, Sendable, BitwiseCopyable {
  case tanh, silu, softplus
}

/// What a member's output layer says about noise.
public enum NoiseHead: UInt8, Sendable, BitwiseCopyable {
  /// One constant variance for each output and member, estimated from residuals (squares).
  case constant
  /// The network predicts a log-variance for each output (Gaussian likelihood).
  case predicted
}

/// The size of an ensemble of multilayer perceptrons; all members have the same shape.
public struct EnsembleShape: Sendable, BitwiseCopyable {
  public var inputCount: Int
  /// Predicted changes of state; the cost is not one of them.
  public var outputCount: Int
  public var hiddenLayerCount: Int
  /// Widths of the hidden layers; the first `hiddenLayerCount` entries count. 1 to 256.
  public var hidden: InlineArray<4, Int>
  public var memberCount: Int
  public var activation: Activation
  public var noise: NoiseHead
  /// Each member also predicts the cost that the plant measures at the sample that an action leads
  /// to, c(s, a), from the same inputs: it sees no invariant channel.
  public var predictsCost: Bool

  public init(
    inputCount: Int, outputCount: Int, hiddenLayerCount: Int, hidden: InlineArray<4, Int>,
    memberCount: Int, activation: Activation, noise: NoiseHead, predictsCost: Bool = false
  ) {
    precondition(hiddenLayerCount >= 1 && hiddenLayerCount <= Capacity.hiddenLayers)
    precondition(memberCount >= 1 && memberCount <= Capacity.members)
    precondition(inputCount >= 1 && outputCount >= 1)
    for i in 0..<hiddenLayerCount { precondition(hidden[i] >= 1 && hidden[i] <= 256) }
    self.inputCount = inputCount
    self.outputCount = outputCount
    self.hiddenLayerCount = hiddenLayerCount
    self.hidden = hidden
    self.memberCount = memberCount
    self.activation = activation
    self.noise = noise
    self.predictsCost = predictsCost
  }

  /// Layers with weights: the hidden ones and the output layer.
  @inlinable public var layerCount: Int { hiddenLayerCount + 1 }

  /// Means of the output layer: the changes of state, then the cost if it is predicted.
  @inlinable public var meanCount: Int { predictsCost ? outputCount + 1 : outputCount }

  /// Units of the output layer: the means, then the log-variances if they are predicted.
  @inlinable public var headCount: Int { noise == .predicted ? 2 * meanCount : meanCount }

  /// Inputs of layer `layer`.
  @inlinable public func fanIn(_ layer: Int) -> Int {
    layer == 0 ? inputCount : hidden[layer - 1]
  }

  /// Outputs of layer `layer`.
  @inlinable public func fanOut(_ layer: Int) -> Int {
    layer == hiddenLayerCount ? headCount : hidden[layer]
  }
}
