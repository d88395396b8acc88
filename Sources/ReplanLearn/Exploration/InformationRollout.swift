import ReplanCore
import ReplanNumerics
import ReplanRecord

/// What an ensemble would learn along action sequences: sixteen of them side by side in each vector.
///
/// A sequence is rolled out under the members' mean; at each tick the members predict one tick from
/// there, and the variance across them is what they do not know. Against the noise of the sensors that
/// is information: half the logarithm of one plus their ratio, summed over channels and ticks. Only one
/// tick's disagreement is counted, since that of a whole rollout would grow most where the plant is
/// unstable, whether or not there is anything to be learned.
///
/// - Source: information gain of a Gaussian observation, MacKay 1992, Information-based objective
///   functions for active data selection, doi:10.1162/neco.1992.4.4.590; disagreement of an ensemble in
///   place of the posterior, Pathak, Gandhi and Gupta 2019, arXiv:1906.04161.
final class InformationRollout {
  private let predictor: CorePredictor
  private let states: Int
  private let actions: Int
  private let vectors = Ensemble.blockVectors
  /// Variance of what cannot be learned, by channel: noise, in the channel's unit squared.
  private let noise: [Float]
  private let low: [Float]
  private let high: [Float]
  private let memory: UnsafeMutablePointer<Lanes>

  /// What a tick outside the envelope costs; no information makes up for it.
  private static let outside: Float = 100

  /// - Parameters:
  ///   - noise: variance of each channel's noise.
  ///   - low: of the envelope, channel by channel; infinite if there is none.
  init(_ model: FittedModel, noise: [Float], low: [Float], high: [Float]) {
    predictor = CorePredictor(model)
    states = predictor.stateCount
    actions = predictor.actionCount
    self.noise = noise
    self.low = low
    self.high = high
    let count = (5 * states + actions + predictor.noiseCount + 4) * vectors
    // SAFETY: one zeroed block of the size that the slices below add up to, freed by deinit.
    memory = .allocate(capacity: count)
    memory.initialize(repeating: Lanes(repeating: 0), count: count)
  }

  deinit { memory.deallocate() }

  /// Sequences that one call takes.
  var width: Int { vectors * Lanes.width }

  /// Information along some sequences.
  ///
  /// - Shapes: start [state]; sequences [sequence][tick × action], `width` of them at most.
  func score(_ sequences: ArraySlice<[Float]>, from start: [Float], ticks: Int) -> [Float] {
    let (now, mean) = (memory, memory + states * vectors)
    let (next, sum) = (mean + states * vectors, mean + 2 * states * vectors)
    let squares = sum + states * vectors
    let (action, normals) = (
      squares + states * vectors, squares + (states + actions) * vectors
    )
    var scores = [Lanes](repeating: Lanes(repeating: 0), count: vectors)
    for i in 0..<states {
      for v in 0..<vectors { now[i * vectors + v] = Lanes(repeating: start[i]) }
    }
    for t in 0..<ticks {
      load(sequences, tick: t, into: action)
      predictor.predictMean(now, action, vectors: vectors, into: mean)
      for i in 0..<states * vectors {
        sum[i] = Lanes(repeating: 0)
        squares[i] = Lanes(repeating: 0)
      }
      for member in 0..<predictor.memberCount {
        predictor.predict(
          member: member, now, action, vectors: vectors, normals: normals, into: next)
        for i in 0..<states * vectors {
          let distance = next[i] - mean[i]
          sum[i] += distance
          squares[i] = squares[i].addingProduct(distance, distance)
        }
      }
      for v in 0..<vectors { scores[v] += gain(sum, squares, v) + penalty(mean, v) }
      for i in 0..<states * vectors { now[i] = mean[i] }
    }
    return sequences.indices.map { place in
      let index = place - sequences.startIndex
      let value = scores[index / Lanes.width][index % Lanes.width]
      return value.isFinite ? value : -.greatestFiniteMagnitude
    }
  }

  private func load(
    _ sequences: ArraySlice<[Float]>, tick: Int, into action: UnsafeMutablePointer<Lanes>
  ) {
    for (index, sequence) in sequences.enumerated() {
      for a in 0..<actions {
        action[a * vectors + index / Lanes.width][index % Lanes.width] =
          sequence[tick * actions + a]
      }
    }
  }

  private func gain(
    _ sum: UnsafeMutablePointer<Lanes>, _ squares: UnsafeMutablePointer<Lanes>, _ v: Int
  ) -> Lanes {
    let members = Float(predictor.memberCount)
    var total = Lanes(repeating: 0)
    for i in 0..<states {
      let place = i * vectors + v
      let mean = sum[place] / members
      let variance = (squares[place] / members - mean * mean).greater(Lanes(repeating: 0))
      for lane in 0..<Lanes.width {
        total[lane] += 0.5 * logarithm(1 + variance[lane] / noise[i])
      }
    }
    return total
  }

  private func penalty(_ mean: UnsafeMutablePointer<Lanes>, _ v: Int) -> Lanes {
    var total = Lanes(repeating: 0)
    for i in 0..<states where low[i] > -.infinity || high[i] < .infinity {
      let value = mean[i * vectors + v]
      let isOutside = (value .< Lanes(repeating: low[i])) .| (value .> Lanes(repeating: high[i]))
      total -= Lanes(repeating: 0).replacing(
        with: Lanes(repeating: Self.outside), where: isOutside)
    }
    return total
  }
}
