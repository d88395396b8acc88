import ReplanNumerics

/// An extended Kalman filter over the whole state, with the model that plans.
///
/// The covariance goes through the model's Jacobian at the estimate; the channels of a sample are
/// taken in one after the other, which is the same as all at once where their noises are independent,
/// and needs no matrix to be inverted.
///
/// - Source: Kalman 1960, A new approach to linear filtering and prediction problems,
///   doi:10.1115/1.3662552; Anderson and Moore 1979, Optimal filtering, chapters 6.5 and 8.2.
struct KalmanFilter {
  private let stateCount: Int
  private let actionCount: Int
  /// Channels of a sample; those of memory stand behind them.
  private let measuredCount: Int
  /// Covariance [S × S] and its product with the Jacobian [S × S]; a column of it [S].
  private let covariance: UnsafeMutablePointer<Float>
  private let product: UnsafeMutablePointer<Float>
  private let column: UnsafeMutablePointer<Float>
  /// Variances by channel [S].
  private let measurement: UnsafeMutablePointer<Float>
  private let process: UnsafeMutablePointer<Float>
  private let initial: UnsafeMutablePointer<Float>
  private let isEstimated: UnsafeMutablePointer<Bool>
  private let isAngle: UnsafeMutablePointer<Bool>
  /// The Jacobian [S × (S + A)], its points [S + A] and the prediction [S], a vector each.
  private let jacobian: UnsafeMutablePointer<Lanes>
  private let points: UnsafeMutablePointer<Lanes>
  private let next: UnsafeMutablePointer<Lanes>
  /// False until there is a covariance.
  private(set) var isTracking = false

  init(_ configuration: ControllerConfiguration, arena: inout Arena) {
    let structure = configuration.structure
    stateCount = structure.stateCount
    actionCount = structure.actionCount
    measuredCount = structure.measuredCount
    covariance = arena.floats(stateCount * stateCount)
    product = arena.floats(stateCount * stateCount)
    column = arena.floats(stateCount)
    measurement = arena.floats(stateCount)
    process = arena.floats(stateCount)
    initial = arena.floats(stateCount)
    isEstimated = arena.take(Bool.self, count: stateCount)
    isAngle = arena.take(Bool.self, count: stateCount)
    jacobian = arena.lanes(stateCount * (stateCount + actionCount))
    points = arena.lanes(stateCount + actionCount)
    next = arena.lanes(stateCount)
  }

  /// Fills tables; not on the tick.
  func prepare(_ configuration: ControllerConfiguration) {
    let estimator = configuration.estimator
    for i in 0..<stateCount {
      let isMeasured = i < measuredCount
      isEstimated[i] = isMeasured && estimator.isEstimated[i]
      isAngle[i] = configuration.structure.states[i].isAngle
      measurement[i] = isMeasured ? square(estimator.measurementDeviation[i]) : 0
      // A memory is known as well as what it repeats.
      process[i] = isMeasured ? square(estimator.processDeviation[i]) : 0
      initial[i] = isMeasured ? square(estimator.initialDeviation[i]) : 0
    }
  }

  private func square(_ x: Float) -> Float { x * x }

  /// Forgets the last episode.
  mutating func begin() { isTracking = false }

  /// Starts from a sample: measured channels are as uncertain as their noise, the others as they were
  /// before anything was observed.
  mutating func start() {
    for k in 0..<(stateCount * stateCount) { covariance[k] = 0 }
    for i in 0..<measuredCount {
      covariance[i * stateCount + i] = isEstimated[i] ? initial[i] : measurement[i]
    }
    isTracking = true
  }

  /// One tick on: the state as the model's mean predicts it, the covariance through its Jacobian.
  ///
  /// - Shapes: state [S], replaced.
  /// - Timing: O(S³); no allocation, lock or C call.
  @inline(always)
  func predict(
    _ state: UnsafeMutablePointer<Float>, under action: ActionVector, _ model: Model
  ) {
    let n = stateCount
    for i in 0..<n { points[i] = Lanes(repeating: state[i]) }
    for i in 0..<actionCount { points[n + i] = Lanes(repeating: action[i]) }
    let columns = n + actionCount
    for k in 0..<(n * columns) { jacobian[k] = Lanes(repeating: 0) }
    model.linearize(points, points + n, into: jacobian)
    model.predictMean(points, points + n, vectors: 1, into: next)
    for i in 0..<n { state[i] = next[i][0] }
    // F P, then (F P) Fᵀ + Q.
    for i in 0..<n {
      for j in 0..<n {
        var sum: Float = 0
        for k in 0..<n { sum += jacobian[i * columns + k][0] * covariance[k * n + j] }
        product[i * n + j] = sum
      }
    }
    for i in 0..<n {
      for j in 0...i {
        var sum: Float = i == j ? process[i] : 0
        for k in 0..<n { sum += product[i * n + k] * jacobian[j * columns + k][0] }
        covariance[i * n + j] = sum
        covariance[j * n + i] = sum
      }
    }
  }

  /// Takes in the measured channels of a sample, one after the other.
  ///
  /// - Shapes: state [S], replaced.
  /// - Returns: false where a variance is not a positive number: then the filter has to start anew.
  @inline(always)
  func correct(
    _ state: UnsafeMutablePointer<Float>, by observation: borrowing Observation
  ) -> Bool {
    let n = stateCount
    for i in 0..<measuredCount where !isEstimated[i] {
      let variance = covariance[i * n + i] + measurement[i]
      // Written so that a value that is not a number is none.
      guard variance > 0 && variance < .infinity else { return false }
      let surprise = observation.values[i] - state[i]
      let distance = isAngle[i] ? wrappedAngle(surprise) : surprise
      for j in 0..<n { column[j] = covariance[j * n + i] }
      let weight = 1 / variance
      for j in 0..<n {
        let gain = column[j] * weight
        state[j] += gain * distance
        for k in 0...j {
          let reduced = covariance[j * n + k] - gain * column[k]
          covariance[j * n + k] = reduced
          covariance[k * n + j] = reduced
        }
      }
    }
    for i in 0..<n {
      guard state[i].isFinite else { return false }
      // Rounding may take a variance a little below 0.
      if covariance[i * n + i] < 0 { covariance[i * n + i] = 0 }
    }
    return true
  }

  /// The variance of a channel, in its unit squared.
  func variance(_ channel: Int) -> Float { covariance[channel * stateCount + channel] }
}
