import ReplanHIL
import ReplanRealtime

/// The line's timing in figures.
public struct LinkFigures: Sendable, Encodable {
  /// A distribution in µs.
  public struct Spread: Sendable, Encodable {
    public var p50: Int64
    public var p99: Int64
    public var max: Int64

    private enum CodingKeys: String, CodingKey {
      case p50 = "p50_us"
      case p99 = "p99_us"
      case max = "max_us"
    }

    init(_ values: some Sequence<Int64>) {
      var histogram = LatencyHistogram()
      for value in values { histogram.record(nanoseconds: value) }
      (p50, p99, max) = (histogram.p50, histogram.p99, histogram.max)
    }
  }

  public let event = "link"
  public var path: String
  /// From a question to its answer.
  public var roundTrip: Spread
  public var roundTrips: Int
  public var unanswered: Int
  /// Plant clock minus ours, µs, by the shortest round trip.
  public var offset: Double?
  /// How much faster the plant's clock runs than ours, ppm, and the standard error of that.
  public var drift: Double?
  public var driftError: Double?
  /// By how much the distance of two samples differs on our clock and on the plant's.
  public var jitter: Spread
  public var samples: Int
  /// Samples that the numbers show as lost.
  public var lostSamples: Int
  /// Hz by our clock.
  public var sampleRate: Double
  /// What the plant was set to, Hz.
  public var rate: Double

  private enum CodingKeys: String, CodingKey {
    case event, path, unanswered, jitter, samples
    case roundTrip = "round_trip"
    case roundTrips = "round_trips"
    case offset = "offset_us"
    case drift = "drift_ppm"
    case driftError = "drift_error_ppm"
    case lostSamples = "lost_samples"
    case sampleRate = "sample_rate_hz"
    case rate = "rate_hz"
  }

  init(_ watch: LinkWatch, rate: Double, path: String) {
    self.path = path
    self.rate = rate
    roundTrip = Spread(watch.roundTrips.map(\.nanoseconds))
    roundTrips = watch.roundTrips.count
    unanswered = watch.unanswered
    let line = ClockLine(watch.roundTrips)
    offset = line?.offsetMicroseconds
    drift = line?.driftPartsPerMillion
    driftError = line?.error
    let pairs = zip(watch.arrivals, watch.arrivals.dropFirst())
    jitter = Spread(
      pairs.map { from, to in
        abs(to.nanoseconds - from.nanoseconds - (to.plantNanoseconds - from.plantNanoseconds))
      })
    samples = watch.arrivals.count
    let first = watch.arrivals[0]
    let last = watch.arrivals[watch.arrivals.count - 1]
    let numbers = Double(last.sequence &- first.sequence)
    lostSamples = Int(last.sequence &- first.sequence) + 1 - samples
    sampleRate = numbers * 1e9 / Double(Swift.max(1, last.nanoseconds - first.nanoseconds))
  }

  /// What the figures say about the line.
  public var checks: [Check] { [roundTripCheck, sampleCheck] }

  private var roundTripCheck: Check {
    let subject = Subject(
      name: "round trip of the link",
      why: "an action has to reach the plant well before the next sample, or it acts a tick late",
      remedy: "raise the baud rate on both sides, and see to the USB-serial latency",
      command: "stty -F \(path)")
    guard roundTrips > 0 else { return subject.unknown("the plant answers no TIMESYNC") }
    let text = "p50 \(roundTrip.p50) us, p99 \(roundTrip.p99) us, max \(roundTrip.max) us"
    let share = Double(roundTrip.p99) * 1e-6 * rate
    if share > 1 { return subject.problem(text + ": longer than a period") }
    if share > 0.5 || unanswered > 0 {
      return subject.warning(text + (unanswered > 0 ? ", \(unanswered) unanswered" : ""))
    }
    return subject.ok(text)
  }

  private var sampleCheck: Check {
    let subject = Subject(
      name: "samples of the plant",
      why: "the loop follows the samples: a tick whose sample is late or lost works on old data",
      remedy: "see to the USB-serial latency and the baud rate, and to the plant's own timer",
      command: "stty -F \(path)")
    let text =
      "\(samples) samples, jitter p50 \(jitter.p50) us, p99 \(jitter.p99) us, max \(jitter.max) us"
    if Double(lostSamples) > 0.01 * Double(samples) {
      return subject.problem(text + ", \(lostSamples) lost")
    }
    if abs(sampleRate / rate - 1) > 0.02 {
      return subject.problem(text + ", at \((sampleRate * 10).rounded() / 10) Hz, not \(rate) Hz")
    }
    if lostSamples > 0 { return subject.warning(text + ", \(lostSamples) lost") }
    if Double(jitter.p99) * 1e-6 * rate > 0.25 { return subject.warning(text) }
    return subject.ok(text)
  }
}

/// A straight line through the offsets of two clocks.
///
/// Of the round trips the shorter half counts: what delays a frame makes its round trip longer and
/// its offset wrong by up to half of that.
struct ClockLine {
  let offsetMicroseconds: Double
  let driftPartsPerMillion: Double
  /// Standard error of the drift, ppm.
  let error: Double

  /// - Returns: nil for fewer than eight round trips.
  init?(_ roundTrips: [ClockOffset.RoundTrip]) {
    guard roundTrips.count >= 8, let origin = roundTrips.first else { return nil }
    let sorted = roundTrips.sorted { $0.nanoseconds < $1.nanoseconds }
    let kept = sorted.prefix((sorted.count + 1) / 2)
    let points = kept.map { trip in
      // Differences first: the times themselves have more digits than a Double.
      (
        x: Double(trip.sentNanoseconds - origin.sentNanoseconds) * 1e-9,
        y: Double(trip.offsetNanoseconds - origin.offsetNanoseconds) * 1e-9
      )
    }
    let count = Double(points.count)
    let x = points.reduce(0) { $0 + $1.x } / count
    let y = points.reduce(0) { $0 + $1.y } / count
    let xx = points.reduce(0) { $0 + ($1.x - x) * ($1.x - x) }
    guard xx > 0 else { return nil }
    let slope = points.reduce(0) { $0 + ($1.x - x) * ($1.y - y) } / xx
    let squares = points.reduce(0) { sum, point in
      let residual = point.y - y - slope * (point.x - x)
      return sum + residual * residual
    }
    driftPartsPerMillion = slope * 1e6
    error = (squares / (count - 2) / xx).squareRoot() * 1e6
    offsetMicroseconds = Double(sorted[0].offsetNanoseconds) * 1e-3
  }
}
