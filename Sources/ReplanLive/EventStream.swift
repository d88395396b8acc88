import FlyingSocks
import Synchronization

/// One client's stream of server-sent events.
///
/// The connection asks for the next piece when it has sent the last one, and gets what is newest then:
/// a slow client misses frames and holds nobody up.
struct EventStream: AsyncBufferedSequence {
  typealias Element = UInt8

  let feed: LiveFeed
  let seat: Seat

  func makeAsyncIterator() -> Iterator { Iterator(feed: feed, seat: seat) }

  struct Iterator: AsyncBufferedIteratorProtocol {
    fileprivate let feed: LiveFeed
    fileprivate let seat: Seat
    private var client = LiveFeed.Client()

    fileprivate init(feed: LiveFeed, seat: Seat) {
      self.feed = feed
      self.seat = seat
    }

    mutating func next() async throws -> UInt8? { fatalError("streams are read by the buffer") }

    mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
      try await Task.sleep(nanoseconds: UInt64(LiveFeed.frameInterval))
      let (text, client) = await feed.news(after: client)
      self.client = client
      // A comment finds out whether the client is still there.
      return Array((text.isEmpty ? ": \n\n" : text).utf8)
    }
  }
}

/// One of the places that clients take; given back when the stream ends.
final class Seat: Sendable {
  private let seats: Seats

  fileprivate init(_ seats: Seats) { self.seats = seats }

  deinit { seats.giveBack() }
}

/// How many clients there may be at once.
final class Seats: Sendable {
  private let taken = Mutex(0)
  let count: Int

  init(_ count: Int) { self.count = count }

  /// - Returns: nil if all are taken.
  func take() -> Seat? {
    let isFree = taken.withLock { taken in
      guard taken < count else { return false }
      taken += 1
      return true
    }
    return isFree ? Seat(self) : nil
  }

  fileprivate func giveBack() { taken.withLock { $0 -= 1 } }
}
