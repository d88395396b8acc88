/// Least squares on simulation errors: the model is run on its own predictions from an initial state
/// that is estimated with it, window by window.
///
/// What is assumed is that the plant follows the model and that all that is left over is noise of the
/// measurement; then the estimates are without bias where those of one-step least squares are not.
///
/// - Source: Ljung 1999, System Identification, sections 7.5 (output error) and 10.2 (damped
///   Gauss-Newton); initial states eliminated as in Golub, Pereyra 1973, doi 10.1137/0710036.
struct OutputErrorFit {
  let windows: [LinearRecord]
  let outputCount: Int
  let history: Int
  var iterations = 30
  /// It has converged when an iteration wins less than this share of the cost.
  var tolerance = 1e-6
  /// Points outside are not entered.
  var isAllowed: (HistoryModel) -> Bool = { _ in true }

  struct Result {
    /// With the coefficients' covariances.
    var model: HistoryModel
    /// Deviation of each output's errors.
    var noise: [Double]
    /// Sum of squared errors in units of the noise.
    var cost: Double
  }

  /// Samples of a window, about: a longer one tells little more, and one of an unstable plant runs away.
  static let windowLength = 500
  static let unstableWindowLength = 60
  /// More samples would tell little more: of longer records windows are left out evenly.
  static let mostSamples = 20_000
  /// The same for fits that only tell orders apart.
  static let fewSamples = 5000

  /// - Parameters:
  ///   - records: scaled; the first `outputs` channels of them are fitted.
  ///   - length: of a window, samples, about.
  ///   - isScout: the fit need only tell orders apart.
  init(
    _ records: [LinearRecord], outputs: Int, history: Int, length: Int, isScout: Bool = false
  ) {
    outputCount = outputs
    self.history = history
    var all: [LinearRecord] = []
    for record in records where record.count > 2 * (history + 1) {
      let parts = max(1, record.count / max(length, 4 * (history + 1)))
      for part in 0..<parts {
        all.append(record.part(part * record.count / parts..<(part + 1) * record.count / parts))
      }
    }
    let samples = all.reduce(0) { $0 + $1.count }
    let most = isScout ? Self.fewSamples : Self.mostSamples
    let stride = max(1, (samples + most - 1) / most)
    if isScout { (iterations, tolerance) = (10, 1e-3) }
    windows = all.indices.filter { $0 % stride == 0 }.map { all[$0] }
  }

  private var startCount: Int { outputCount * (history + 1) }

  /// The best of several first guesses, improved.
  ///
  /// - Returns: nil if no guess stays within the numbers.
  func fitted(from guesses: [HistoryModel]) -> Result? {
    guard !windows.isEmpty else { return nil }
    var noise = [Double](repeating: 1, count: outputCount)
    let starts = windows.map(measuredStart)
    var best: (point: Point, cost: Double)?
    for guess in guesses where isAllowed(guess) {
      let point = Point(model: guess, starts: starts)
      let cost = self.cost(point, noise)
      if cost.isFinite, cost < best?.cost ?? .infinity { best = (point, cost) }
    }
    guard var found = best else { return nil }
    // First all channels alike, then each in units of what it leaves over.
    found = minimized(found.point, noise)
    noise = self.noise(found.point)
    found = minimized(found.point, noise)
    noise = self.noise(found.point)
    var model = found.point.model
    model.covariances = covariances(found.point, noise)
    return Result(model: model, noise: noise, cost: cost(found.point, noise))
  }

  private struct Point {
    var model: HistoryModel
    /// Of each window, the first outputs [(history + 1) × output].
    var starts: [[Double]]
  }

  private func measuredStart(_ window: LinearRecord) -> [Double] {
    (0...history).flatMap { k in (0..<outputCount).map { window.output(k, $0) } }
  }

  /// Outputs of a window as the model simulates them [sample × output].
  private func simulated(_ window: LinearRecord, _ model: HistoryModel, _ start: [Double])
    -> [Double]
  {
    var begun = LinearRecord(outputCount: outputCount, inputCount: window.inputCount)
    for k in 0..<window.count {
      let known = k <= history
      begun.append(
        output: (0..<outputCount).map { known ? start[k * outputCount + $0] : 0 },
        input: (0..<window.inputCount).map { window.input(k, $0) })
    }
    return start + model.simulated(begun, from: history, steps: window.count - history - 1)
  }

  private func errors(_ window: LinearRecord, _ predicted: [Double]) -> [Double] {
    predicted.indices.map { window.output($0 / outputCount, $0 % outputCount) - predicted[$0] }
  }

  private func cost(_ point: Point, _ noise: [Double]) -> Double {
    var sum = 0.0
    for (window, start) in zip(windows, point.starts) {
      for (i, error) in errors(window, simulated(window, point.model, start)).enumerated() {
        let share = error / noise[i % outputCount]
        sum += share * share
      }
      guard sum.isFinite else { return .infinity }
    }
    return sum
  }

  private func noise(_ point: Point) -> [Double] {
    var squares = [Double](repeating: 0, count: outputCount)
    var count = 0
    for (window, start) in zip(windows, point.starts) {
      for (i, error) in errors(window, simulated(window, point.model, start)).enumerated() {
        squares[i % outputCount] += error * error
      }
      // A window's start takes as many measurements for itself.
      count += window.count - history - 1
    }
    let free = max(1, count - point.model.regressorCount)
    return squares.map { max(($0 / Double(free)).squareRoot(), 1e-9) }
  }

  private func minimized(_ first: Point, _ noise: [Double]) -> (point: Point, cost: Double) {
    var (point, cost) = (first, self.cost(first, noise))
    var damping = 1e-3
    for _ in 0..<iterations {
      let reduced = Reduced(self, point, noise)
      var gain: Double?
      while damping < 1e8 {
        let trial = moved(point, reduced, damping)
        let trialCost = isAllowed(trial.model) ? self.cost(trial, noise) : .infinity
        guard trialCost < cost else {
          damping *= 6
          continue
        }
        gain = (cost - trialCost) / cost
        (point, cost) = (trial, trialCost)
        damping = max(damping / 8, 1e-12)
        break
      }
      guard let gain, gain > tolerance, cost > 1e-16 else { break }
    }
    return (point, cost)
  }

  private func moved(_ point: Point, _ reduced: Reduced, _ damping: Double) -> Point {
    let change = reduced.step(damping)
    var result = point
    let height = point.model.regressorCount
    for target in 0..<outputCount {
      for row in 0..<height {
        result.model.coefficients[row, target] += change[target * height + row]
      }
    }
    for w in windows.indices {
      for (i, value) in reduced.startChange(w, change).enumerated() { result.starts[w][i] += value }
    }
    return result
  }

  private func covariances(_ point: Point, _ noise: [Double]) -> [Matrix] {
    let reduced = Reduced(self, point, noise)
    let height = point.model.regressorCount
    guard let all = DenseAlgebra.inverseOfProduct(reduced.r, tolerance: 1e-10) else { return [] }
    return (0..<outputCount).map { target in
      let rows = target * height..<(target + 1) * height
      return all.part(rows: rows, columns: rows)
    }
  }

  /// The problem's derivatives with the windows' initial states eliminated.
  private struct Reduced {
    /// Triangle of the coefficients alone, and its right side.
    let r: Matrix
    let right: Matrix
    /// For each window the rows that tell its initial state [start × (start + coefficients + 1)].
    private var heads: [Matrix] = []
    private let startCount: Int

    init(_ fit: OutputErrorFit, _ point: Point, _ noise: [Double]) {
      let count = point.model.regressorCount * fit.outputCount
      let starting = fit.startCount
      startCount = starting
      var stack = RowStack(columns: count + 1)
      for (window, start) in zip(fit.windows, point.starts) {
        let factor = fit.windowFactor(window, point.model, start, noise)
        heads.append(factor.part(rows: 0..<starting, columns: 0..<factor.columns))
        for row in starting..<factor.rows {
          stack.append { set in
            for column in 0...count { set(column, factor[row, starting + column]) }
          }
        }
      }
      let all = stack.factor()
      r = all.part(rows: 0..<count, columns: 0..<count)
      right = all.part(rows: 0..<count, columns: count..<count + 1)
    }

    /// Change of the coefficients, target after target.
    func step(_ damping: Double) -> [Double] {
      let count = r.columns
      var stacked = Matrix(rows: 2 * count, columns: count)
      stacked.set(r, row: 0, column: 0)
      for j in 0..<count {
        var square = 0.0
        for i in 0...j { square += r[i, j] * r[i, j] }
        stacked[count + j, j] = (damping * max(square, 1e-12)).squareRoot()
      }
      var sides = Matrix(rows: 2 * count, columns: 1)
      sides.set(right, row: 0, column: 0)
      return DenseAlgebra.leastSquares(stacked, sides, tolerance: 1e-13).values
    }

    func startChange(_ window: Int, _ change: [Double]) -> [Double] {
      let head = heads[window]
      let sides = (0..<startCount).map { i in
        change.indices.reduce(head[i, head.columns - 1]) {
          $0 - head[i, startCount + $1] * change[$1]
        }
      }
      let known = 0..<startCount
      return DenseAlgebra.solved(upper: head.part(rows: known, columns: known), sides)
    }
  }

  /// R of a window's derivatives by its start, by the coefficients, and its errors.
  private func windowFactor(
    _ window: LinearRecord, _ model: HistoryModel, _ start: [Double], _ noise: [Double]
  ) -> Matrix {
    let predicted = simulated(window, model, start)
    let slopes = sensitivities(window, model, predicted)
    let width = startCount + model.regressorCount * outputCount
    var stack = RowStack(columns: width + 1)
    for k in 0..<window.count {
      for i in 0..<outputCount {
        let row = k * outputCount + i
        let error = window.output(k, i) - predicted[row]
        stack.append { set in
          for column in 0..<width { set(column, slopes[row * width + column] / noise[i]) }
          set(width, error / noise[i])
        }
      }
    }
    // A start that shows nowhere keeps its guess.
    for j in 0..<startCount { stack.append { $0(j, 1e-6) } }
    return stack.factor()
  }

  /// Derivatives of each simulated output [sample × output × (start + coefficients)].
  private func sensitivities(
    _ window: LinearRecord, _ model: HistoryModel, _ predicted: [Double]
  ) -> [Double] {
    let (ny, height, n0) = (outputCount, model.regressorCount, startCount)
    let width = n0 + height * ny
    var slopes = [Double](repeating: 0, count: window.count * ny * width)
    for j in 0..<n0 { slopes[j * width + j] = 1 }
    slopes.withUnsafeMutableBufferPointer { slopes in
      for k in history..<window.count - 1 {
        for i in 0..<ny {
          let row = ((k + 1) * ny + i) * width
          for lag in 0...history {
            for m in 0..<ny {
              let factor = model.coefficients[model.place(output: m, lag: lag), i]
              let source = ((k - lag) * ny + m) * width
              for column in 0..<width { slopes[row + column] += factor * slopes[source + column] }
            }
          }
          let own = row + n0 + i * height
          slopes[own] += 1
          for lag in 0...history {
            for m in 0..<ny {
              slopes[own + model.place(output: m, lag: lag)] += predicted[(k - lag) * ny + m]
            }
            for m in 0..<window.inputCount {
              slopes[own + model.place(input: m, lag: lag)] += window.input(k - lag, m)
            }
          }
        }
      }
    }
    return slopes
  }
}
