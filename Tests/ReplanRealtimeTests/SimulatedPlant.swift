import ReplanRealtime

/// A plant whose clock drifts and whose samples arrive late by chance, and a loop that ticks with it.
struct SimulatedPlant {
  var period: Double
  /// The drift of its clock as a function of the sample's number.
  var drift: (Int) -> Double = { _ in 0 }
  /// By how much sample number n arrives late, as a fraction of the period.
  var delay: (Int) -> Double = { _ in 0 }
  /// Whether sample number n is lost on the way.
  var isLost: (Int) -> Bool = { _ in false }
  /// For how long the loop stalls in tick number n, as a fraction of the period.
  var stall: (Int) -> Double = { _ in 0 }

  /// What one tick did.
  struct Tick: Equatable {
    var start: Int64
    var newest: Int?
    var wake: PhaseLock.Wake
    var state: PhaseLock.State
  }

  /// When each sample arrives, in order, nil for those lost.
  func arrivals(count: Int) -> [Int64?] {
    var (sampled, last) = (1e9, 0.0)
    return (0..<count).map { number in
      sampled += period * (1 + drift(number))
      last = max(last, sampled + delay(number) * period)
      return isLost(number) ? nil : Int64(last)
    }
  }

  /// Runs a loop whose ticks take three tenths of a period until all samples have arrived.
  func run(_ lock: inout PhaseLock, samples: Int) -> [Tick] {
    let arrivals = arrivals(count: samples)
    let end = arrivals.last { $0 != nil }!!
    var (now, next, newest) = (Int64(1e9), 0, Int?.none)
    var ticks: [Tick] = []
    while now < end {
      let wake = lock.nextWake(after: now)
      now = max(now, wake.nanoseconds)
      while next < samples, (arrivals[next] ?? 0) <= now {
        if let arrival = arrivals[next] {
          lock.observe(sequence: UInt32(next), arrival: arrival)
          newest = next
        }
        next += 1
      }
      ticks.append(Tick(start: now, newest: newest, wake: wake, state: lock.state(at: now)))
      now += Int64((0.3 + stall(ticks.count)) * period)
    }
    return ticks
  }
}

/// Random numbers that are the same in every run (SplitMix64, Steele et al. 2014).
struct TestRandom: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
