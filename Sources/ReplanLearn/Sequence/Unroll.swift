import ReplanCore
import ReplanNumerics

/// A member's rollouts over a batch of windows and the gradient of their error: backpropagation
/// through time.
///
/// From a window's first state the member predicts tick after tick from what it predicted itself, so
/// that the loss sees what errors do later: a model fitted to single ticks may be good at each and
/// drift all the same. Lanes run across windows; rows of the network are windows, tick after tick.
///
/// - Source: Werbos 1990, Backpropagation through time, doi 10.1109/5.58337; multi-step loss of a
///   learned model: Venkatraman, Hebert and Bagnell 2015, doi 10.1609/aaai.v29i1.9590.
struct Unroll {
  let network: MemberNetwork
  let structure: PlantStructure
  /// Windows side by side; a multiple of the lanes.
  let rows: Int
  /// Most ticks of a window.
  let ticks: Int
  /// Distance, in usual changes over a tick, beyond which an error counts linearly.
  let robustness: Float
  /// Measured states [ticks + 1, state, vector], the weight of their errors [ticks + 1, vector], and
  /// actions [ticks, action, vector].
  let measured: UnsafeMutablePointer<Lanes>
  let weight: UnsafeMutablePointer<Lanes>
  let action: UnsafeMutablePointer<Lanes>
  /// Predicted states [ticks + 1, state, vector].
  let state: UnsafeMutablePointer<Lanes>
  /// ∂loss/∂state at a tick and at the one before [state, vector].
  let adjoint: UnsafeMutablePointer<Lanes>
  let earlier: UnsafeMutablePointer<Lanes>
  let normal: UnsafeMutablePointer<Float>
  let places: SequencePlaces

  var vectors: Int { rows / Lanes.width }
  var stateCount: Int { structure.stateCount }

  init(
    network: MemberNetwork, structure: PlantStructure, rows: Int, ticks: Int, robustness: Float,
    arena: inout Arena
  ) {
    self.network = network
    self.structure = structure
    self.rows = rows
    self.ticks = ticks
    self.robustness = robustness
    let vectors = rows / Lanes.width
    let states = structure.stateCount
    measured = arena.lanes((ticks + 1) * states * vectors)
    weight = arena.lanes((ticks + 1) * vectors)
    action = arena.lanes(ticks * structure.actionCount * vectors)
    state = arena.lanes((ticks + 1) * states * vectors)
    adjoint = arena.lanes(states * vectors)
    earlier = arena.lanes(states * vectors)
    normal = arena.floats(2 * network.shape.inputCount + 2 * network.shape.outputCount + states)
    places = SequencePlaces(structure)
  }

  /// Copies the normalisers; once, before the first rollout.
  func prepare(_ data: SequenceData) {
    let prepared = data.transitions
    let values =
      prepared.inputScale.map { 1 / $0 } + prepared.inputMean + prepared.outputScale
      + prepared.outputMean + data.precision
    for (i, value) in values.enumerated() { normal[i] = value }
  }

  /// One over the inputs' scales; their means; the outputs' scales; their means; one over the usual
  /// changes of the states.
  private var inputGain: UnsafeMutablePointer<Float> { normal }
  private var inputMean: UnsafeMutablePointer<Float> { normal + network.shape.inputCount }
  private var outputScale: UnsafeMutablePointer<Float> { normal + 2 * network.shape.inputCount }
  private var outputMean: UnsafeMutablePointer<Float> {
    outputScale + network.shape.outputCount
  }
  private var precision: UnsafeMutablePointer<Float> {
    outputScale + 2 * network.shape.outputCount
  }

  private func floats(_ lanes: UnsafeMutablePointer<Lanes>) -> UnsafeMutablePointer<Float> {
    // SAFETY: Lanes is sixteen floats without padding; the memory is only reinterpreted.
    UnsafeMutableRawPointer(lanes).assumingMemoryBound(to: Float.self)
  }

  /// Puts windows into the lanes: window w begins at sample `samples[w]`.
  ///
  /// - Parameters:
  ///   - mirrored: windows of the mirrored plant.
  ///   - weights: of the errors at each tick, from tick 1 on.
  func load(
    _ data: SequenceData, _ samples: UnsafePointer<Int32>, count: Int, ticks: Int,
    mirrored: (Int) -> Bool
  ) {
    let (states, actions, vectors) = (stateCount, structure.actionCount, vectors)
    let (measured, action, weight) = (floats(measured), floats(action), floats(weight))
    for w in 0..<rows {
      // A batch that is not full repeats its last window without weight.
      let sample = Int(samples[min(w, count - 1)])
      let length = w < count ? min(ticks, Int(data.following[sample])) : 0
      let isMirrored = mirrored(w)
      for t in 0...ticks {
        let from = sample + min(t, Int(data.following[sample]))
        for c in 0..<states {
          let sign = isMirrored ? structure.states[c].mirror : 1
          measured[(t * states + c) * vectors * 16 + w] = sign * data.states[from * states + c]
        }
        weight[t * vectors * 16 + w] = t >= 1 && t <= length ? 1 : 0
        guard t < ticks else { continue }
        for a in 0..<actions {
          let sign = isMirrored ? structure.actionMirror[a] : 1
          action[(t * actions + a) * vectors * 16 + w] = sign * data.actions[from * actions + a]
        }
      }
    }
  }

  /// Rolls the windows out over `ticks` ticks; rows of tick t begin at t · rows, or all at 0 where
  /// no gradient is wanted.
  ///
  /// - Parameter isEncoded: the inputs of the first tick are there from the last rollout of these
  ///   windows, rows kept.
  func forward(ticks: Int, keepsRows: Bool, isEncoded: Bool = false) {
    for i in 0..<stateCount * vectors { state[i] = measured[i] }
    for t in 0..<ticks {
      let first = keepsRows ? t * rows : 0
      if t > 0 || !isEncoded { encode(tick: t, first: first) }
      network.forward(first: first, rows: rows)
      decode(tick: t, first: first)
    }
  }

  /// Normalised inputs of a tick, into the network's rows.
  private func encode(tick t: Int, first: Int) {
    let width = 16 * network.layers[0].inputVectors
    let input = floats(network.input) + first * width
    let size = stateCount * vectors
    let (gain, mean) = (inputGain, inputMean)
    func put(_ value: Lanes, _ f: Int, _ v: Int) {
      let normal = (value - Lanes(repeating: mean[f])) * Lanes(repeating: gain[f])
      for lane in 0..<16 { input[(16 * v + lane) * width + f] = normal[lane] }
    }
    for feature in places.features {
      for v in 0..<vectors {
        switch feature.kind {
        case .angle:
          let direction = sineCosine(state[t * size + feature.channel * vectors + v])
          put(direction.sine, feature.input, v)
          put(direction.cosine, feature.input + 1, v)
        case .linear:
          put(state[t * size + feature.channel * vectors + v], feature.input, v)
        case .difference, .turn:
          let now = state + t * size
          let distance = now[feature.channel * vectors + v] - now[feature.newer * vectors + v]
          put(feature.kind == .turn ? wrappedAngle(distance) : distance, feature.input, v)
        case .action:
          let at = (t * structure.actionCount + feature.channel) * vectors + v
          put(action[at], feature.input, v)
        }
      }
    }
  }

  /// The next states from the network's head.
  private func decode(tick t: Int, first: Int) {
    let width = 16 * Lanes.vectors(for: network.shape.headCount)
    let head = floats(network.head) + first * width
    let size = stateCount * vectors
    let now = state + t * size
    let next = now + size
    for (j, c) in places.predicted.enumerated() {
      for v in 0..<vectors {
        var y = Lanes()
        for lane in 0..<16 { y[lane] = head[(16 * v + lane) * width + j] }
        let change = Lanes(repeating: outputMean[j]).adding(outputScale[j], times: y)
        next[c * vectors + v] = now[c * vectors + v] + change
      }
    }
    let half = 0.5 * structure.tick
    for (c, velocity) in places.integrals {
      for v in 0..<vectors {
        let sum = now[velocity * vectors + v] + next[velocity * vectors + v]
        next[c * vectors + v] = now[c * vectors + v].adding(half, times: sum)
      }
    }
    let actions = structure.actionCount
    for (c, source) in places.memories {
      for v in 0..<vectors {
        next[c * vectors + v] =
          source < stateCount
          ? now[source * vectors + v] : action[(t * actions + source - stateCount) * vectors + v]
      }
    }
  }

  /// The error of a state in usual changes, wrapped for an angle; zero where nothing was measured.
  @inline(__always)
  private func error(tick t: Int, channel c: Int, vector v: Int) -> Lanes {
    let at = (t * stateCount + c) * vectors + v
    var distance = state[at] - measured[at]
    if structure.states[c].isAngle { distance = wrappedAngle(distance) }
    let normal = distance * Lanes(repeating: precision[c])
    return normal.replacing(
      with: Lanes(repeating: 0), where: weight[t * vectors + v] .== Lanes(repeating: 0))
  }

  /// The loss of an error e: δ² (√(1 + (e/δ)²) − 1), which is ½e² near 0 and grows like δ|e|.
  private func penalty(_ e: Lanes) -> Lanes {
    let delta = Lanes(repeating: robustness)
    let ratio = e / delta
    let root = squareRoot(Lanes(repeating: 1).addingProduct(ratio, ratio))
    return delta * delta * (root - Lanes(repeating: 1))
  }

  /// Sum of the losses over all windows, ticks and measured channels, and how many windows' ticks.
  func loss(ticks: Int) -> (sum: Double, count: Double) {
    var (sum, count) = (0.0, 0.0)
    for t in 1...ticks {
      for v in 0..<vectors {
        count += Double(weight[t * vectors + v].orderedSum())
        for c in places.judged {
          sum += Double(penalty(error(tick: t, channel: c, vector: v)).orderedSum())
        }
      }
    }
    return (sum, count)
  }

  /// Gradients of the mean loss over windows and ticks by the weights, after `forward` with rows
  /// kept.
  ///
  /// - Parameter noiseTicks: the head's log-variances learn from the errors of so many first ticks.
  func backward(ticks: Int, count: Double) {
    let size = stateCount * vectors
    let scale = Float(1 / max(count, 1))
    for i in 0..<size { adjoint[i] = Lanes(repeating: 0) }
    var t = ticks
    while t > 0 {
      addLossGradient(tick: t, scale: scale)
      t -= 1
      step(back: t, scale: scale)
    }
    network.differentiate(rows: ticks * rows)
  }

  private func addLossGradient(tick t: Int, scale: Float) {
    let delta = Lanes(repeating: 1 / robustness)
    for c in places.judged {
      let factor = Lanes(repeating: precision[c] * scale)
      for v in 0..<vectors {
        let e = error(tick: t, channel: c, vector: v)
        let ratio = e * delta
        let root = squareRoot(Lanes(repeating: 1).addingProduct(ratio, ratio))
        let at = c * vectors + v
        adjoint[at] = adjoint[at].addingProduct(e / root, factor)
      }
    }
  }

  /// From ∂loss/∂(state at t + 1) in `adjoint` to that at t, through decoding, network and encoding.
  private func step(back t: Int, scale: Float) {
    let first = t * rows
    let half = 0.5 * structure.tick
    // In the order of decoding turned round: memories, integrals, changes.
    for i in 0..<stateCount * vectors { earlier[i] = Lanes(repeating: 0) }
    for (c, source) in places.memories where source < stateCount {
      for v in 0..<vectors {
        earlier[source * vectors + v] = earlier[source * vectors + v] + adjoint[c * vectors + v]
      }
    }
    for (c, velocity) in places.integrals.reversed() {
      for v in 0..<vectors {
        let gradient = adjoint[c * vectors + v]
        let at = velocity * vectors + v
        earlier[c * vectors + v] = earlier[c * vectors + v] + gradient
        earlier[at] = earlier[at].adding(half, times: gradient)
        adjoint[at] = adjoint[at].adding(half, times: gradient)
      }
    }
    let width = 16 * Lanes.vectors(for: network.shape.headCount)
    let head = floats(network.headAdjoint) + first * width
    for (j, c) in places.predicted.enumerated() {
      for v in 0..<vectors {
        let gradient = adjoint[c * vectors + v]
        earlier[c * vectors + v] = earlier[c * vectors + v] + gradient
        let byOutput = gradient * Lanes(repeating: outputScale[j])
        for lane in 0..<16 { head[(16 * v + lane) * width + j] = byOutput[lane] }
      }
    }
    if network.shape.noise == .predicted { addNoiseGradient(tick: t, scale: scale) }
    // The first states were measured: nothing is carried back to them.
    network.propagate(first: first, rows: rows, toInputs: t > 0)
    guard t > 0 else { return }
    addInputGradient(tick: t, first: first)
    for i in 0..<stateCount * vectors { adjoint[i] = earlier[i] }
  }

  /// Log-variances learn from the error of the first tick only, which alone is one tick's: the
  /// gradient of ½ (e² e^−s + s), the means taken as they are.
  private func addNoiseGradient(tick t: Int, scale: Float) {
    let outputs = network.shape.outputCount
    let width = 16 * Lanes.vectors(for: network.shape.headCount)
    let head = floats(network.head) + t * rows * width
    let gradient = floats(network.headAdjoint) + t * rows * width
    for row in 0..<rows {
      let isCounted = t == 0 && weight[vectors + row / 16][row % 16] > 0
      for (j, c) in places.predicted.enumerated() {
        let at = row * width + outputs + j
        guard isCounted else {
          gradient[at] = 0
          continue
        }
        let place = (stateCount + c) * vectors + row / 16
        var distance = state[place][row % 16] - measured[place][row % 16]
        if structure.states[c].isAngle { distance = wrappedAngle(distance) }
        let e = distance / outputScale[j]
        let s = head[at]
        let bounded = limited(s, Loss.lowest, Loss.highest)
        let slope = 0.5 * (1 - e * e * exponential(-bounded))
        let leadsOut = (s < Loss.lowest && slope > 0) || (s > Loss.highest && slope < 0)
        gradient[at] = leadsOut ? 0 : slope * scale
      }
    }
  }

  /// ∂loss/∂inputs of the network to ∂loss/∂state.
  private func addInputGradient(tick t: Int, first: Int) {
    let width = 16 * network.layers[0].inputVectors
    let gradient = floats(network.inputAdjoint!) + first * width
    let size = stateCount * vectors
    func take(_ f: Int, _ v: Int) -> Lanes {
      var value = Lanes()
      for lane in 0..<16 { value[lane] = gradient[(16 * v + lane) * width + f] }
      return value * Lanes(repeating: inputGain[f])
    }
    for feature in places.features where feature.kind != .action {
      for v in 0..<vectors {
        let at = feature.channel * vectors + v
        guard feature.kind == .angle else {
          let byInput = take(feature.input, v)
          earlier[at] = earlier[at] + byInput
          guard feature.kind != .linear else { continue }
          let newer = feature.newer * vectors + v
          earlier[newer] = earlier[newer] - byInput
          continue
        }
        let direction = sineCosine(state[t * size + at])
        let bySine = take(feature.input, v) * direction.cosine
        earlier[at] = earlier[at] + bySine - take(feature.input + 1, v) * direction.sine
      }
    }
  }
}
