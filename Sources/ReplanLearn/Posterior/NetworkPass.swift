import ReplanCore
import ReplanNumerics

/// Runs a network's stored weights over transitions: one block of memory, none a row.
struct NetworkPass: ~Copyable {
  private let memory: UnsafeMutableRawPointer
  let network: MemberNetwork
  private static let rows = 64

  /// - Parameter weights: of all layers, as the model file has them.
  init(_ weights: [(weight: [Float], bias: [Float])], shape: EnsembleShape) {
    var arena = Arena.measuring()
    _ = MemberNetwork(shape: shape, batch: Self.rows, arena: &arena)
    // SAFETY: one zeroed block, laid out by the same initialiser that measured it, freed by deinit.
    memory = .allocate(byteCount: arena.used, alignment: Arena.alignment)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: arena.used)
    arena = Arena(base: memory, capacity: arena.used)
    network = MemberNetwork(shape: shape, batch: Self.rows, arena: &arena)
    network.load(weights)
  }

  deinit { memory.deallocate() }

  /// The last hidden units of a row, and its head.
  struct Row {
    let hidden: UnsafeMutablePointer<Lanes>
    let head: UnsafeMutablePointer<Lanes>

    func hidden(_ unit: Int) -> Float { hidden[unit / 16][unit % 16] }
    func head(_ unit: Int) -> Float { head[unit / 16][unit % 16] }
  }

  /// - Parameters:
  ///   - isMirrored: runs the mirrored plant's inputs.
  ///   - body: is given the place in `rows` and the row, valid during the call.
  func forEach(
    _ rows: [Int32], of data: PreparedData, isMirrored: Bool = false, _ body: (Int, Row) -> Void
  ) {
    let (inputs, width) = (data.inputVectors, Lanes.vectors(for: network.shape.headCount))
    let hidden = network.shape.hiddenLayerCount
    let hiddenWidth = network.layers[hidden].inputVectors
    var start = 0
    while start < rows.count {
      let count = min(Self.rows, rows.count - start)
      for b in 0..<count {
        let row = Int(rows[start + b])
        for j in 0..<inputs {
          let value = data.inputs[row * inputs + j]
          network.input[b * inputs + j] = isMirrored ? value * data.mirror!.inputs[j] : value
        }
      }
      network.forward(rows: count)
      for b in 0..<count {
        body(
          start + b,
          Row(
            hidden: network.activations[hidden] + b * hiddenWidth, head: network.head + b * width))
      }
      start += count
    }
  }

  /// Mean squared residual of each normalised mean.
  func residualVariances(_ rows: [Int32], of data: PreparedData) -> [Float] {
    let means = network.shape.meanCount
    var squares = [Double](repeating: 0, count: means)
    forEach(rows, of: data) { i, row in
      let place = Int(rows[i]) * data.targetVectors
      for j in 0..<means {
        let error = Double(row.head(j) - data.targets[place + j / 16][j % 16])
        squares[j] += error * error
      }
    }
    return squares.map { Float($0 / Double(max(rows.count, 1))) }
  }
}
