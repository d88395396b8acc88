import CAllocationWatch
import ReplanWire
import Synchronization
import Testing

@testable import ReplanSigning

/// Signed here, verified by pymavlink, and the other way round.
@Suite struct FrameVerifierTests {
  private let key = SigningKey.test(1)
  private let now: UInt64 = 36_000_000_000

  private func fixedTime(_ now: UInt64) -> SigningTime { SigningTime { now } }

  private func filter(_ key: SigningKey, now: UInt64) -> FrameFilter {
    FrameFilter(FrameVerifier(key, fixedTime(now)))
  }

  @Test func pymavlinkAcceptsWhatIsSignedHere() throws {
    let signer = FrameSigner(key, fixedTime(now))
    let frames = (0..<500).map { signer.signed(plainFrame($0)) }
    let referee = try Referee()
    #expect(try referee.verdicts(frames, key, now: now).allSatisfy { $0 })
    #expect(try referee.verdicts(frames, .test(2), now: now).allSatisfy { !$0 })
    // Twice the same, and the whole once more.
    let again = try referee.verdicts(frames + frames, key, now: now)
    #expect(again == frames.map { _ in true } + frames.map { _ in false })
  }

  @Test func whatPymavlinkSignsIsAcceptedHereOnce() throws {
    // Senders are drawn, so that some hundred streams begin.
    let bytes = try Referee().signed(key, timestamp: now, count: 1000)
    var right = filter(key, now: now)
    #expect(right.take(bytes) == 1000)
    #expect(right.take(bytes) == 0)
    #expect(right.refused.replayed == 1000 && right.refused.total == 1000)
    var wrong = filter(.test(2), now: now)
    #expect(wrong.take(bytes) == 0)
    #expect(wrong.refused.wrong == 1000 && wrong.refused.total == 1000)
  }

  /// A stream with everything that is to be refused: both sides judge each frame alike.
  @Test func aMixedStreamIsJudgedAsPymavlinkDoes() throws {
    let clock = Atomic<UInt64>(now)
    let time = SigningTime { clock.load(ordering: .relaxed) }
    let signer = FrameSigner(key, time)
    // Of another link: pymavlink takes over the timestamp of a frame whose tag is wrong.
    let stranger = FrameSigner(.test(9), time, link: 7)
    var frames: [[UInt8]] = []
    for number in 0..<400 {
      clock.add(UInt64(number % 5), ordering: .relaxed)
      switch number % 8 {
      case 0: frames.append(plainFrame(number, roomToSign: false))
      case 1: frames.append(stranger.signed(plainFrame(number)))
      case 2 where number > 8: frames.append(frames[number - 5])
      case 3:
        var frame = stranger.signed(plainFrame(number))
        frame[frame.count - 1] ^= 0x10
        frames.append(frame)
      default:
        let source = Address(system: UInt8(1 + number % 3), component: 1)
        frames.append(signer.signed(plainFrame(number, source: source)))
      }
    }
    var filter = filter(key, now: now)
    let ours = frames.map { filter.take($0) == 1 }
    #expect(try Referee().verdicts(frames, key, now: now) == ours)
    #expect(ours.contains(true))
    #expect(filter.refused.unsigned == 50 && filter.refused.wrong == 100)
    #expect(filter.refused.replayed > 40 && filter.refused.old == 0)
  }

  @Test(arguments: [0, 1, 5_999_999, 6_000_000, 6_000_001, 60_000_000])
  func aFirstFrameMayBeAMinuteOld(behind: UInt64) throws {
    let frame = FrameSigner(key, fixedTime(now - behind)).signed(plainFrame(3))
    let isFresh = behind <= 6_000_000
    var filter = filter(key, now: now)
    #expect((filter.take(frame) == 1) == isFresh)
    #expect(filter.refused.old == (isFresh ? 0 : 1))
    #expect(try Referee().verdicts([frame], key, now: now) == [isFresh])
  }

  @Test func noBitOfASignedFrameMayBeFlipped() {
    let whole = FrameSigner(key, fixedTime(now)).signed(plainFrame(2))
    for bit in 0..<whole.count * 8 {
      var frame = whole
      frame[bit / 8] ^= UInt8(1 << (bit % 8))
      var filter = filter(key, now: now)
      #expect(filter.take(frame) == 0, "bit \(bit)")
    }
    var filter = filter(key, now: now)
    #expect(filter.take(whole) == 1)
  }

  @Test func aTruncatedFrameCostsOnlyItself() {
    let signer = FrameSigner(key, fixedTime(now))
    let whole = signer.signed(plainFrame(5))
    for cut in 1..<whole.count {
      let after = (0..<4).map { signer.signed(plainFrame(10 + $0)) }
      var filter = filter(key, now: now)
      let pad = [UInt8](repeating: 0, count: 300)
      #expect(filter.take(whole[..<cut] + after.flatMap { $0 } + pad) == 4, "cut at \(cut)")
    }
  }

  @Test func aForgedTimestampDoesNotShutOutTheSender() {
    let signer = FrameSigner(key, fixedTime(now))
    let forger = FrameSigner(.test(4), fixedTime(now + 1_000_000_000))
    var filter = filter(key, now: now)
    #expect(filter.take(signer.signed(plainFrame(1))) == 1)
    #expect(filter.take(forger.signed(plainFrame(2))) == 0)
    #expect(filter.take(signer.signed(plainFrame(3))) == 1)
  }

  /// Why signatures are made and verified by a thread of their own: if this no longer holds, that
  /// thread can go.
  @Test func hashingAllocates() {
    let frame = FrameSigner(key, fixedTime(now)).signed(plainFrame(1))
    let before = allocation_watch_thread_count()
    let tag = frame.withUnsafeBytes { Signature.tag($0, key) }
    #expect(allocation_watch_thread_count() > before)
    #expect(tag > 0)
  }
}
