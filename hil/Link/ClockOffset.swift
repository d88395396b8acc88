/// The plant's clock as seen from the controller's, from TIMESYNC round trips.
///
/// Of the last eight round trips the shortest counts: what delays a frame makes its round trip
/// longer, never shorter, so the shortest is the least skewed.
/// - Source: Mills 1991, "Internet time synchronization", the clock filter, 10.1109/26.103043.
public struct ClockOffset: Sendable {
  /// One question for the plant's clock that was answered.
  public struct RoundTrip: Sendable {
    /// When it was asked, ns on the monotonic clock.
    public var sentNanoseconds: Int64
    /// From the question to the answer, ns.
    public var nanoseconds: Int64
    /// Plant clock minus controller clock by this one alone, ns.
    public var offsetNanoseconds: Int64

    public init(sentNanoseconds: Int64, nanoseconds: Int64, offsetNanoseconds: Int64) {
      self.sentNanoseconds = sentNanoseconds
      self.nanoseconds = nanoseconds
      self.offsetNanoseconds = offsetNanoseconds
    }
  }

  /// The last round trip; `nil` before the first.
  public private(set) var last: RoundTrip?
  private var offsets = InlineArray<8, Int64>(repeating: 0)
  private var roundTrips = InlineArray<8, Int64>(repeating: 0)
  private var count = 0

  /// Takes one round trip: asked at `sent`, answered at `plant` on the plant's clock, heard at
  /// `received`; all ns.
  mutating func add(sent: Int64, plant: Int64, received: Int64) {
    guard received >= sent else { return }
    let slot = count % 8
    roundTrips[slot] = received &- sent
    offsets[slot] = plant &- sent &- (received &- sent) / 2
    count &+= 1
    last = RoundTrip(
      sentNanoseconds: sent, nanoseconds: roundTrips[slot], offsetNanoseconds: offsets[slot])
  }

  /// Plant clock minus controller clock, ns; `nil` before the first round trip.
  public var nanoseconds: Int64? {
    best.map { offsets[$0] }
  }

  /// The round trip that the offset stems from, ns; its half bounds the offset's error.
  public var roundTripNanoseconds: Int64? {
    best.map { roundTrips[$0] }
  }

  private var best: Int? {
    var best: Int?
    for i in 0..<min(count, 8) where best.map({ roundTrips[i] < roundTrips[$0] }) ?? true {
      best = i
    }
    return best
  }
}
