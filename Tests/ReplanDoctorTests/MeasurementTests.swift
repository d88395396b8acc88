import ReplanHIL
import ReplanPlants
import ReplanRealtime
import Synchronization
import Testing

@testable import ReplanDoctor

/// Figures depend on the machine: what is tested is what they have to do with one another.
@Suite(.serialized) struct MeasurementTests {
  @Test func wakeUpsAreCountedAndOrdered() throws {
    let measurement = WakeMeasurement(rate: 200, seconds: 0.5, priority: 80, cpu: nil)
    var shares: [Double] = []
    let wake = try measurement.run(progress: { shares.append($0) }) { false }
    #expect(wake.count + wake.missed >= 100 && wake.count <= 100)
    #expect(wake.p50 >= 0 && wake.p50 <= wake.p99 && wake.p99 <= wake.p999)
    #expect(wake.p999 <= wake.max)
    #expect(abs(wake.p99Share - Double(wake.p99) / 5000) < 1e-9)
    #expect(wake.isRealtime == wake.report.isComplete)
    #expect(shares == shares.sorted() && !shares.isEmpty)
  }

  @Test func aStopEndsTheMeasurementEarly() throws {
    let measurement = WakeMeasurement(rate: 100, seconds: 60, priority: 80, cpu: nil)
    let asked = Counter()
    let wake = try measurement.run(isStopRequested: { asked.next() > 20 })
    #expect(wake.count <= 20 && wake.count > 0)
  }

  @Test(
    arguments: [
      (100, 200, Check.Finding.ok), (2500, 2600, .warning), (100, 11_000, .warning),
      (6000, 6000, .problem),
    ] as [(Int64, Int64, Check.Finding)])
  func wakeLatencyIsJudgedByThePeriod(p99: Int64, max: Int64, finding: Check.Finding) {
    let wake = WakeLatency(
      rate: 50, seconds: 10, count: 500, missed: 0, p50: 10, p99: p99, p999: max, max: max,
      p99Share: Double(p99) / 20_000, isRealtime: true, report: RealtimeReport())
    #expect(wake.check.finding == finding)
  }

  @Test func theLinkIsMeasuredWhileDisarmed() throws {
    let plant = DoctorPlant(.cartPole)
    defer { plant.stop() }
    let session = try plant.connect(lockstep: false)
    let figures = try LinkMeasurement(rate: 50, seconds: 1, priority: 80, cpu: nil)
      .run(session, isStopRequested: { false })
    #expect(figures.samples > 10 && figures.lostSamples == 0 && figures.unanswered == 0)
    #expect(figures.roundTrips > 10)
    #expect(figures.roundTrip.p50 <= figures.roundTrip.p99)
    #expect(figures.roundTrip.p99 <= figures.roundTrip.max)
    #expect(figures.checks.count == 2 && !plant.wasLeftArmed)
  }

  @Test func aClockThatRunsFastIsSeen() throws {
    var figures = try measured(speed: 1.02)
    // A busy host delays one direction more than the other: then once more.
    for _ in 0..<5 where !isFast(figures) { figures = try measured(speed: 1.02) }
    #expect(isFast(figures), "\(figures)")
  }

  private func measured(speed: Double) throws -> LinkFigures {
    let plant = DoctorPlant(.cartPole, speed: speed)
    defer { plant.stop() }
    let session = try plant.connect(lockstep: false)
    return try LinkMeasurement(rate: 50, seconds: 1.5, priority: 80, cpu: nil)
      .run(session, isStopRequested: { false })
  }

  /// 2 %, as far as the line lets it be known.
  private func isFast(_ figures: LinkFigures) -> Bool {
    guard let drift = figures.drift, let error = figures.driftError else { return false }
    return abs(drift - 20_000) < 5 * error + 500
  }

  @Test func aPlantThatIsGoneIsAnError() throws {
    let plant = DoctorPlant(.cartPole)
    let session = try plant.connect(lockstep: false)
    plant.stop()
    #expect(throws: DoctorError.self) {
      try LinkMeasurement(rate: 50, seconds: 1, priority: 80, cpu: nil).run(
        session, isStopRequested: { false })
    }
  }

  @Test func aLineThroughOffsetsIsExactWithoutNoise() throws {
    let trips = (0..<40).map { i in
      let sent = Int64(1e17) + Int64(i) * 10_000_000
      return ClockOffset.RoundTrip(
        sentNanoseconds: sent, nanoseconds: i % 2 == 0 ? 100 : 900,
        // Only the quick half is right: 50 ppm.
        offsetNanoseconds: -5_000_000 + Int64(i) * 500 + (i % 2 == 0 ? 0 : 400))
    }
    let line = try #require(ClockLine(trips))
    #expect(abs(line.driftPartsPerMillion - 50) < 1e-6 && line.error < 1e-6)
    #expect(abs(line.offsetMicroseconds + 5000) < 1)
    #expect(ClockLine(Array(trips.prefix(7))) == nil)
  }

  private final class Counter: Sendable {
    private let value = Atomic<Int>(0)
    func next() -> Int { value.wrappingAdd(1, ordering: .relaxed).newValue }
  }
}
