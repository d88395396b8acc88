import Testing

@testable import ReplanIdentify

/// Errors of a known making come out independent and alike.
@Suite struct DelayNoiseTests {
  /// A stretch of sensors' noise, disturbances that add up, and a start that nobody knows.
  private func stretch(
    _ count: Int, _ order: Int, disturbance: Double, _ random: inout TestRandom
  ) -> [Double] {
    var (velocity, place) = (3 * random.normal(), 5 * random.normal())
    return (0..<count).map { _ in
      defer {
        let push = disturbance * random.normal()
        place += velocity + push / 2
        velocity += push
      }
      return (order == 2 ? place : velocity) + random.normal()
    }
  }

  @Test(arguments: [1, 2], [0.0, 1, 100])
  func errorsComeOutIndependent(order: Int, share: Double) {
    let count = 25
    let noise = DelayNoise(samples: count, order: order, share: share)
    // What a disturbance of one adds up to over the stretch.
    let power = (1..<count).reduce(0.0) { sum, later in
      let response = order == 2 ? Double(later) - 0.5 : 1
      return sum + response * response
    }
    var random = TestRandom(5)
    var (squares, neighbours, trials) = (0.0, 0.0, 0.0)
    for _ in 0..<2000 {
      let errors = stretch(count, order, disturbance: (share / power).squareRoot(), &random)
      var column = Matrix(rows: count, columns: 1)
      column.values = errors
      let white = noise.whitened(column).values
      squares += white.reduce(0) { $0 + $1 * $1 }
      neighbours += zip(white, white.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
      trials += Double(count - order)
    }
    // The unknown start takes as many degrees of freedom as it has numbers.
    #expect(abs(squares / trials - 1) < 0.03, "\(squares / trials)")
    #expect(abs(neighbours / squares) < 0.12, "\(neighbours / squares)")
  }

  @Test(arguments: [1, 2]) func theStartIsTakenOut(order: Int) {
    let noise = DelayNoise(samples: 25, order: order, share: 10)
    var columns = Matrix(rows: 25, columns: order)
    for k in 0..<25 {
      for power in 0..<order { columns[k, power] = power == 0 ? 4 : 7 - 3 * Double(k) }
    }
    #expect(noise.whitened(columns).values.allSatisfy { abs($0) < 1e-9 })
  }

  /// The likelihood tells how much of the errors are disturbances.
  @Test func theVolumeWeighsTheShares() {
    var random = TestRandom(9)
    let stretches = (0..<60).map { _ in stretch(25, 1, disturbance: 0.64, &random) }
    let likelihoods = [0.0, 0.1, 10, 1000].map { share in
      let noise = DelayNoise(samples: 25, order: 1, share: share)
      let squares = stretches.reduce(0.0) { sum, values in
        var column = Matrix(rows: 25, columns: 1)
        column.values = values
        return sum + noise.whitened(column).values.reduce(0) { $0 + $1 * $1 }
      }
      return -60 * noise.volume - 0.5 * squares
    }
    // 0.64² over 24 ticks add up to a share of 10.
    #expect(likelihoods.max() == likelihoods[2], "\(likelihoods)")
  }
}
