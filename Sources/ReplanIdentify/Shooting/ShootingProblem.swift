import Foundation

/// Least squares over windows: each is simulated from an initial state of its own, and what was measured
/// is compared with what the equation says.
///
/// The error is output error: the plant is taken to follow its equation exactly, and all that is left
/// over for noise of the measurement, independent from sample to sample and of one variance a channel.
struct ShootingProblem: Sendable {
  let simulator: any EquationSimulator
  let windows: [Window]
  /// Errors of these channels are wrapped.
  let isAngle: [Bool]
  /// Longest integration step, s.
  let step: Double
  /// Parameters that are fitted.
  let free: [Int]
  let bounds: [ClosedRange<Double>]
  /// Standard deviation of each channel's measurement noise; errors count in units of it.
  var noise: [Double]

  /// A point of the search.
  struct Point: Sendable {
    /// All parameters, the fixed ones too.
    var parameters: [Double]
    /// Initial state of each window.
    var starts: [[Double]]
  }

  /// A window's errors and their derivatives.
  struct Linearization: Sendable {
    /// Measured less predicted in units of the noise [row].
    var errors: [Double]
    /// State channel of each row.
    var channels: [Int]
    /// Derivatives of the prediction in the same units [row × free].
    var byParameter: Matrix
    /// [row × state].
    var byStart: Matrix
  }

  var stateCount: Int { simulator.stateCount }

  /// Sum of squared errors in units of the noise; infinite where a prediction leaves the numbers.
  func cost(_ point: Point) -> Double {
    var sum = 0.0
    for (window, start) in zip(windows, point.starts) {
      let states = simulator.simulate(
        window.record, window.samples, parameters: point.parameters, start: start, step: step)
      visit(window) { k, c in
        let error = self.error(window, k, c, predicted: states[k * stateCount + c])
        sum += error * error
      }
      guard sum.isFinite else { return .infinity }
    }
    return sum
  }

  func linearize(_ point: Point) -> [Linearization] {
    zip(windows, point.starts).map { linearize($0, point.parameters, $1) }
  }

  private func linearize(
    _ window: Window, _ parameters: [Double], _ start: [Double]
  ) -> Linearization {
    let (states, slopes) = simulator.linearize(
      window.record, window.samples, parameters: parameters, free: free, start: start, step: step)
    var rows: [(sample: Int, channel: Int)] = []
    visit(window) { rows.append(($0, $1)) }
    let width = free.count + stateCount
    var result = Linearization(
      errors: [], channels: rows.map(\.channel),
      byParameter: Matrix(rows: rows.count, columns: free.count),
      byStart: Matrix(rows: rows.count, columns: stateCount))
    for (row, (k, c)) in rows.enumerated() {
      let at = k * stateCount + c
      result.errors.append(error(window, k, c, predicted: states[at]))
      for j in free.indices {
        result.byParameter[row, j] = slopes[at * width + j] / noise[c]
      }
      for j in 0..<stateCount {
        result.byStart[row, j] = slopes[at * width + free.count + j] / noise[c]
      }
    }
    return result
  }

  /// Every value that was measured in a window.
  private func visit(_ window: Window, _ body: (_ sample: Int, _ channel: Int) -> Void) {
    for k in 0..<window.count {
      for c in 0..<stateCount where window.measured(k, c).isFinite { body(k, c) }
    }
  }

  private func error(_ window: Window, _ k: Int, _ c: Int, predicted: Double) -> Double {
    let distance = window.measured(k, c) - predicted
    // The nearest turn; an error that is not finite stays so.
    return (isAngle[c] ? remainder(distance, 2 * .pi) : distance) / noise[c]
  }

  /// The measured initial states; of a channel that was not measured, a guess.
  func measuredStarts() -> [[Double]] {
    windows.map { window in
      let known = (0..<stateCount).map { c in
        (0..<window.count).lazy.map { window.measured($0, c) }.first(where: \.isFinite)
      }
      let measured = known.compactMap { $0 }
      let middle = measured.isEmpty ? 0 : measured.reduce(0, +) / Double(measured.count)
      return known.map { $0 ?? middle }
    }
  }

  /// Values that were measured.
  var rowCount: Int {
    windows.reduce(0) { sum, window in
      var count = 0
      visit(window) { _, _ in count += 1 }
      return sum + count
    }
  }

  /// Root mean square of the errors of each channel in its unit, corrected for what was fitted; not a
  /// number where nothing was measured.
  func residualNoise(_ point: Point) -> [Double] {
    var sums = [Double](repeating: 0, count: stateCount)
    var counts = [Int](repeating: 0, count: stateCount)
    for (window, start) in zip(windows, point.starts) {
      let states = simulator.simulate(
        window.record, window.samples, parameters: point.parameters, start: start, step: step)
      visit(window) { k, c in
        let error = self.error(window, k, c, predicted: states[k * stateCount + c]) * noise[c]
        sums[c] += error * error
        counts[c] += 1
      }
    }
    let rows = counts.reduce(0, +)
    let fitted = free.count + windows.count * stateCount
    let share = max(0.05, 1 - Double(fitted) / Double(max(rows, 1)))
    return zip(sums, counts).map { $1 == 0 ? .nan : ($0 / (Double($1) * share)).squareRoot() }
  }
}
