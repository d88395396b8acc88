/// One channel of a run of rows, as a function of time.
struct Resampling {
  /// Rising, s.
  let times: [Double]
  let values: [Double]

  /// The index of the last time that is not after `time`, at most the last but one.
  private func segment(_ time: Double) -> Int {
    var (low, high) = (0, times.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if times[middle] <= time { low = middle } else { high = middle }
    }
    return low
  }

  /// The straight line between the neighbours; the ends are held.
  func linear(_ time: Double) -> Double {
    let i = segment(time)
    let share = min(1, max(0, (time - times[i]) / (times[i + 1] - times[i])))
    return values[i] + share * (values[i + 1] - values[i])
  }

  func nearest(_ time: Double) -> Double {
    let i = segment(time)
    return values[time - times[i] <= times[i + 1] - time ? i : i + 1]
  }

  /// The mean of the straight lines over `width` around the time; over less near the ends, so that
  /// it stays symmetric.
  func average(_ time: Double, width: Double) -> Double {
    let half = min(width / 2, time - times[0], times[times.count - 1] - time)
    guard half > 0 else { return linear(time) }
    let sum = integral(from: time - half, to: time + half) { _, low, high in
      (linear(low) + linear(high)) / 2
    }
    return sum / (2 * half)
  }

  /// The mean over `from ..< to` of values that are each held until the next; the last is held on.
  func held(from start: Double, to end: Double) -> Double {
    let sum = integral(from: start, to: end) { row, low, _ in
      values[low >= times[times.count - 1] ? times.count - 1 : row]
    }
    return sum / (end - start)
  }

  /// Adds up `mean × length` over the pieces into which the rows part an interval.
  private func integral(
    from start: Double, to end: Double,
    _ mean: (_ row: Int, _ low: Double, _ high: Double) -> Double
  ) -> Double {
    var sum = 0.0
    var low = start
    var i = segment(start)
    while low < end {
      let isLast = i + 2 >= times.count
      // Behind the last row nothing changes any more.
      let border = low < times[i + 1] ? times[i + 1] : .infinity
      let high = min(end, border)
      sum += mean(i, low, high) * (high - low)
      low = high
      if !isLast { i += 1 }
    }
    return sum
  }
}
