@testable import ReplanIdentify

extension Matrix {
  /// A matrix row by row.
  init(_ rows: [[Double]]) {
    self.init(rows: rows.count, columns: rows[0].count)
    for (i, row) in rows.enumerated() {
      for (j, value) in row.enumerated() { self[i, j] = value }
    }
  }
}

extension StateSpace {
  init(a: [[Double]], b: [[Double]], c: [[Double]], offset: [Double]? = nil) {
    self.init(
      a: Matrix(a), b: Matrix(b), c: Matrix(c),
      stateOffset: [Double](repeating: 0, count: a.count),
      outputOffset: offset ?? [Double](repeating: 0, count: c.count),
      noise: Matrix(rows: a.count + c.count, columns: a.count + c.count))
  }

  /// Two poles that swing, one input, one output about 2.
  ///
  /// As a model of past samples: y' = 1.5 y + u − 0.7 y₁ + 0.5 u₁ + 0.4.
  static let swinging = StateSpace(
    a: [[1.5, -0.7], [1, 0]], b: [[1], [0]], c: [[1, 0.5]], offset: [2])

  /// Its coefficients: 1, y, u, y₁, u₁.
  static let swingingCoefficients = [0.4, 1.5, 1, -0.7, 0.5]

  /// Three states, two inputs, two outputs.
  static let coupled = StateSpace(
    a: [[0.9, 0.2, 0], [-0.2, 0.9, 0.1], [0, 0, 0.6]], b: [[0, 0.3], [1, 0], [0.5, 1]],
    c: [[1, 0, 0], [0, 1, 1]], offset: [0.5, -1])

  /// A record under random inputs, from rest.
  ///
  /// - Parameters:
  ///   - process: deviation of the disturbance of each state.
  ///   - output: deviation of each output's measurement.
  func record(
    _ count: Int, process: Double = 0, output deviation: Double = 0, random: inout TestRandom,
    input: ((Int, [Double]) -> [Double])? = nil
  ) -> LinearRecord {
    var result = LinearRecord(outputCount: outputCount, inputCount: inputCount)
    var x = [Double](repeating: 0, count: order)
    for k in 0..<count {
      var y = outputOffset
      for i in y.indices {
        for j in x.indices { y[i] += c[i, j] * x[j] }
        y[i] += deviation * random.normal()
      }
      let drawn = (0..<inputCount).map { _ in random.normal() }
      let u = zip(drawn, input?(k, y) ?? drawn.map { _ in 0 }).map { $0 + $1 }
      result.append(output: y, input: u)
      var next = stateOffset
      for i in x.indices {
        for j in x.indices { next[i] += a[i, j] * x[j] }
        for j in u.indices { next[i] += b[i, j] * u[j] }
        next[i] += process * random.normal()
      }
      x = next
    }
    return result
  }
}

extension HistoryModel {
  /// Root mean squared error of a free simulation of a record.
  func simulationError(_ record: LinearRecord, from first: Int) -> Double {
    let steps = record.count - 1 - first
    let predicted = simulated(record, from: first, steps: steps)
    var sum = 0.0
    for (i, value) in predicted.enumerated() {
      let error = value - record.output(first + 1 + i / outputCount, i % outputCount)
      sum += error * error
    }
    return (sum / Double(predicted.count)).squareRoot()
  }

  func deviation(_ row: Int, _ target: Int = 0) -> Double {
    covariances[target][row, row].squareRoot()
  }
}
