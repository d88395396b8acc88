import Foundation
import ReplanHIL
import ReplanRealtime
import Synchronization

/// Ends the program when asking has not: the last resort behind the loop's own ways to stop.
///
/// An emergency stop that the loop has not followed after a moment is carried out from here: the
/// plant is told to disarm, past the thread that owns the line. If the program has not ended after
/// that, or a third signal comes, it is ended. Before there is a session nothing is armed and nobody
/// else listens, so the first request does.
final class StopWatch: Sendable {
  private let link = Mutex<Link?>(nil)
  private let isOver = Atomic<Bool>(false)
  /// How long each way of stopping may take, ns.
  private static let disarming: Int64 = 300_000_000
  private static let concluding: Int64 = 5_000_000_000
  private static let orderly: Int64 = 10_000_000_000

  init() {
    let thread = Thread { [self] in run() }
    thread.stackSize = 1 << 18
    thread.start()
  }

  /// Names the line to be used.
  func `guard`(_ link: Link) { self.link.withLock { $0 = link } }

  func end() { isOver.store(true, ordering: .releasing) }

  private func run() {
    var asked: Int64?
    var pressed: Int64?
    var hasDisarmed = false
    while !isOver.load(ordering: .acquiring) {
      usleep(20_000)
      let requests = StopSignal.requests
      guard requests > 0 else { continue }
      let now = MonotonicClock.nanoseconds
      let line = link.withLock { $0 }
      let since = now - (asked ?? now)
      asked = asked ?? now
      if StopSignal.isEmergency { pressed = pressed ?? now }
      let pressedFor = pressed.map { now - $0 } ?? 0
      if pressedFor > Self.disarming, !hasDisarmed {
        hasDisarmed = true
        line?.disarmFromAnywhere()
      }
      guard
        line == nil || requests > 2 || pressedFor > Self.concluding || since > Self.orderly
      else { continue }
      line?.disarmFromAnywhere()
      FileHandle.standardError.write(Data("\nreplan: stopped at once\n".utf8))
      _exit(Code.notAchieved.rawValue)
    }
  }
}
