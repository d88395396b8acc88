import ReplanNumerics

/// When a fault may act, in seconds since sample 0 of the current reset.
public struct FaultWindow: Sendable, Equatable {
  public var begin: Double
  /// The first moment at which it is over; infinite: it lasts.
  public var end: Double
  /// Also while the plant is not armed, which counts as second 0.
  public var isFromBoot: Bool

  public init(begin: Double = 0, end: Double = .infinity, isFromBoot: Bool = false) {
    self.begin = begin
    self.end = end
    self.isFromBoot = isFromBoot
  }
}

/// What time it is for faults.
public struct FaultTime: Sendable, Equatable {
  /// Since sample 0 of the current reset, counted in samples; `nil`: the plant is not armed.
  public var seconds: Double?
  /// Of a clock that never stands still, for what is counted in real time.
  public var microseconds: UInt64
  /// Which reset it is: each draws its own numbers.
  public var reset: UInt32

  public init(seconds: Double?, microseconds: UInt64, reset: UInt32 = 0) {
    self.seconds = seconds
    self.microseconds = microseconds
    self.reset = reset
  }
}

/// One unbroken time of a fault's activity, in seconds.
struct FaultInterval: Equatable {
  var begin: Double
  var end: Double
}

/// A fault's times and draws as plain values, so that asking costs no reference count.
struct FaultTiming {
  let window: FaultWindow
  let probability: Float
  let isPerFrame: Bool
  let seed: SIMD2<UInt32>
  /// The fault's place in the list, which keeps its numbers apart from the others'.
  let index: UInt32

  /// Samples fall on bounds such as 1.3 only up to rounding.
  private static var tolerance: Double { 1e-6 }

  /// The times of activity that `time` lies in; for faults drawn by frame, their window.
  func interval(at time: FaultTime) -> FaultInterval? {
    var now = 0.0
    if let seconds = time.seconds {
      now = seconds + FaultTiming.tolerance
    } else if !window.isFromBoot {
      return nil
    }
    guard now >= window.begin, now < window.end else { return nil }
    if isPerFrame || probability >= 1 {
      return FaultInterval(begin: window.begin, end: window.end)
    }
    let second = Int(now - window.begin)
    let number = UInt32(truncatingIfNeeded: second)
    guard happens(draw(number, stream: .seconds, reset: time.reset).x) else { return nil }
    let begin = window.begin + Double(second)
    return FaultInterval(begin: begin, end: min(begin + 1, window.end))
  }

  /// Whether a uniform word falls within the probability.
  func happens(_ word: UInt32) -> Bool { Philox.uniform(word) <= probability }

  /// Four words that depend on seed, reset, fault, stream and number only.
  func draw(_ number: UInt32, stream: FaultStream, reset: UInt32) -> SIMD4<UInt32> {
    var generator = Philox(
      seed: seed, episode: reset, tick: number, iteration: stream.rawValue, candidate: index)
    return generator.next()
  }
}

/// What numbers are drawn for: each purpose has a stream of its own.
enum FaultStream: UInt32 {
  case seconds
  case framesToPlant, framesToController
  /// Frames that come by the clock, not by the sample: heartbeats, answers.
  case otherFramesToPlant, otherFramesToController
}

extension FaultSchedule {
  func timing(of index: Int) -> FaultTiming {
    let fault = faults[index]
    return FaultTiming(
      window: fault.window, probability: Float(fault.probability), isPerFrame: fault.isPerFrame,
      seed: SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)),
      index: UInt32(index))
  }
}
