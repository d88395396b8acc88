import ReplanCore
import ReplanNumerics

/// One member during training: weights, gradients and the activations of one batch.
///
/// Each weight matrix is stored once as the optimiser sees it, `[input][output]` or, where that
/// pads less (a narrow head), `[output][input]`; the other orientation is a copy that
/// `refreshCopies` renews after each step. Lanes run across units, padding is zero throughout.
struct MemberNetwork {
  struct Layer {
    let inputs: Int
    let outputs: Int
    /// True if the optimiser's matrix is [input][output].
    let inputMajor: Bool
    /// Index of the first vector of weights and bias in `parameters` and `gradients`.
    var weight = 0
    var bias = 0
    /// The other orientation; nil where no pass needs it.
    var copy: UnsafeMutablePointer<Lanes>?

    var inputVectors: Int { Lanes.vectors(for: inputs) }
    var outputVectors: Int { Lanes.vectors(for: outputs) }
    var weightVectors: Int { inputMajor ? inputs * outputVectors : outputs * inputVectors }

    init(inputs: Int, outputs: Int) {
      self.inputs = inputs
      self.outputs = outputs
      inputMajor =
        inputs * Lanes.vectors(for: outputs) <= outputs * Lanes.vectors(for: inputs)
    }
  }

  let shape: EnsembleShape
  /// Rows that the activation buffers hold.
  let batch: Int
  let layers: [Layer]
  /// All weights, then all biases. Shape [parameterVectors].
  let parameters: UnsafeMutablePointer<Lanes>
  let gradients: UnsafeMutablePointer<Lanes>
  let weightVectors: Int
  let parameterVectors: Int
  /// Input of each layer, and last the head. Shape [batch × width].
  let activations: [UnsafeMutablePointer<Lanes>]
  /// Slope of each hidden activation. Shape [batch × width].
  let slopes: [UnsafeMutablePointer<Lanes>]
  /// Loss gradient with respect to the output of each layer, before its activation.
  let adjoints: [UnsafeMutablePointer<Lanes>]
  /// The same with respect to the inputs; nil unless it is asked for.
  let inputAdjoint: UnsafeMutablePointer<Lanes>?

  /// - Parameter propagatesToInputs: whether `propagate` goes on to the inputs.
  init(
    shape: EnsembleShape, batch: Int, propagatesToInputs: Bool = false, arena: inout Arena
  ) {
    self.shape = shape
    self.batch = batch
    var layers = (0..<shape.layerCount).map {
      Layer(inputs: shape.fanIn($0), outputs: shape.fanOut($0))
    }
    var used = 0
    for l in layers.indices {
      layers[l].weight = used
      used += layers[l].weightVectors
    }
    weightVectors = used
    for l in layers.indices {
      layers[l].bias = used
      used += layers[l].outputVectors
    }
    parameterVectors = used
    parameters = arena.lanes(used)
    gradients = arena.lanes(used)
    for l in layers.indices {
      let layer = layers[l]
      if layer.inputMajor && (l > 0 || propagatesToInputs) {
        layers[l].copy = arena.lanes(16 * layer.outputVectors * layer.inputVectors)
      } else if !layer.inputMajor {
        layers[l].copy = arena.lanes(16 * layer.inputVectors * layer.outputVectors)
      }
    }
    self.layers = layers
    var activations = [arena.lanes(batch * layers[0].inputVectors)]
    var slopes: [UnsafeMutablePointer<Lanes>] = []
    var adjoints: [UnsafeMutablePointer<Lanes>] = []
    for layer in layers {
      // Two vectors more: the loss reads and writes log-variances at an unaligned place.
      activations.append(arena.lanes(batch * layer.outputVectors + 2))
      slopes.append(arena.lanes(batch * layer.outputVectors))
      adjoints.append(arena.lanes(batch * layer.outputVectors + 2))
    }
    self.activations = activations
    self.slopes = slopes
    self.adjoints = adjoints
    inputAdjoint = propagatesToInputs ? arena.lanes(batch * layers[0].inputVectors) : nil
  }

  /// The inputs of the batch [batch × inputs], which the caller fills.
  var input: UnsafeMutablePointer<Lanes> { activations[0] }
  /// The outputs of the batch [batch × head] after `forward`.
  var head: UnsafeMutablePointer<Lanes> { activations[layers.count] }
  /// Where the loss writes its gradient [batch × head] before `backward`.
  var headAdjoint: UnsafeMutablePointer<Lanes> { adjoints[layers.count - 1] }

  /// Runs `rows` rows of `input` from row `first` on.
  func forward(first: Int = 0, rows: Int) {
    // SAFETY: first + rows <= batch, for which all buffers were sized.
    for l in layers.indices {
      let layer = layers[l]
      let panel = layer.inputMajor ? parameters + layer.weight : layer.copy!
      let columns = layer.outputVectors
      MatrixKernel.multiply(
        rows: rows, depth: layer.inputs, columns: columns,
        floats(activations[l] + first * layer.inputVectors), stride: 16 * layer.inputVectors, panel,
        start: parameters + layer.bias, into: activations[l + 1] + first * columns)
      guard l < shape.hiddenLayerCount else { continue }
      let units = activations[l + 1] + first * columns
      ActivationPass.apply(
        shape.activation, units, slope: slopes[l] + first * columns, count: rows * columns)
      ActivationPass.clearPadding(units, rows: rows, width: layer.outputs)
    }
  }

  /// Gradients of the loss whose derivative by the head is in `headAdjoint`, over the first `rows`
  /// rows of the last `forward`.
  func backward(rows: Int) {
    propagate(rows: rows)
    differentiate(rows: rows)
  }

  /// Carries the gradient in `headAdjoint` back through `rows` rows from row `first` on, and on to
  /// the inputs where that was asked for.
  func propagate(first: Int = 0, rows: Int, toInputs: Bool = true) {
    var l = layers.count - 1
    while l >= 0 {
      let layer = layers[l]
      guard let previous = l > 0 ? adjoints[l - 1] : toInputs ? inputAdjoint : nil else { break }
      let panel = layer.inputMajor ? layer.copy! : parameters + layer.weight
      let columns = layer.inputVectors
      let target = previous + first * columns
      MatrixKernel.multiply(
        rows: rows, depth: layer.outputs, columns: columns,
        floats(adjoints[l] + first * layer.outputVectors), stride: 16 * layer.outputVectors, panel,
        start: nil, into: target)
      guard l > 0 else { break }
      let slope = slopes[l - 1] + first * columns
      for i in 0..<(rows * columns) { target[i] = target[i] * slope[i] }
      l -= 1
    }
  }

  /// Weight and bias gradients of all layers from the adjoints of the first `rows` rows.
  func differentiate(rows: Int) {
    for l in layers.indices { differentiate(layers[l], activations[l], adjoints[l], rows: rows) }
  }

  /// Weight and bias gradients of one layer.
  private func differentiate(
    _ layer: Layer, _ input: UnsafeMutablePointer<Lanes>, _ adjoint: UnsafeMutablePointer<Lanes>,
    rows: Int
  ) {
    if layer.inputMajor {
      MatrixKernel.multiplyTransposed(
        rows: layer.inputs, depth: rows, columns: layer.outputVectors, floats(input),
        stride: 16 * layer.inputVectors, adjoint, into: gradients + layer.weight)
    } else {
      MatrixKernel.multiplyTransposed(
        rows: layer.outputs, depth: rows, columns: layer.inputVectors, floats(adjoint),
        stride: 16 * layer.outputVectors, input, into: gradients + layer.weight)
    }
    let columns = layer.outputVectors
    for j in 0..<columns {
      var sum = Lanes(repeating: 0)
      for b in 0..<rows { sum = sum + adjoint[b * columns + j] }
      gradients[layer.bias + j] = sum
    }
  }

  /// Renews the transposed copies after the parameters have changed.
  func refreshCopies() {
    for layer in layers {
      guard let copy = layer.copy else { continue }
      if layer.inputMajor {
        Transpose.copy(
          parameters + layer.weight, rows: layer.inputs, columns: layer.outputVectors, into: copy)
      } else {
        Transpose.copy(
          parameters + layer.weight, rows: layer.outputs, columns: layer.inputVectors, into: copy)
      }
    }
  }

  @inline(__always)
  private func floats(_ p: UnsafeMutablePointer<Lanes>) -> UnsafePointer<Float> {
    // SAFETY: Lanes is sixteen floats without padding; the memory is only reinterpreted.
    UnsafeRawPointer(p).assumingMemoryBound(to: Float.self)
  }
}
