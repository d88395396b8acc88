import Foundation
import Testing

@testable import ReplanIdentify

@Suite struct ExcitationDesignTests {
  private func settings(
    _ kind: ExcitationSettings.Kind, channels: Int = 1, ticks: Int = 400, amplitude: Double = 0.5,
    band: ClosedRange<Double> = 0.5...5, slew: Double? = nil, seed: UInt64 = 1
  ) -> ExcitationSettings {
    ExcitationSettings(
      kind: kind,
      channels: (0..<channels).map {
        .init(name: "a\($0)", low: -10, high: 10 + Double($0), safe: 0, slewPerTick: slew)
      }, rate: 50, amplitude: amplitude, band: band, ticks: ticks, seed: seed)
  }

  @Test(arguments: ExcitationSettings.Kind.allCases)
  func actionsStayInsideTheAmplitudeAndTheSameSeedGivesTheSame(kind: ExcitationSettings.Kind)
    throws
  {
    let design = try ExcitationDesign(settings(kind, channels: 2))
    #expect(design.actions.count == 2 && design.actions.allSatisfy { $0.count == 400 })
    #expect(design.actions[0].allSatisfy { abs($0) <= 5 + 1e-9 })
    #expect(design.actions[1].allSatisfy { abs($0 - 0.5) <= 5.25 + 1e-9 })
    #expect(design.rows.count == 800 && design.rows[3] == Float(design.actions[1][1]))
    #expect(try ExcitationDesign(settings(kind, channels: 2)).actions == design.actions)
    let others = try (2...6).map { try ExcitationDesign(settings(kind, channels: 2, seed: $0)) }
    #expect(others.contains { $0.actions != design.actions })
  }

  @Test(arguments: ExcitationSettings.Kind.allCases)
  func theSlewLimitHolds(kind: ExcitationSettings.Kind) throws {
    let design = try ExcitationDesign(settings(kind, slew: 0.7))
    let actions = [0.0] + design.actions[0]
    for (a, b) in zip(actions, actions.dropFirst()) { #expect(abs(b - a) <= 0.7 + 1e-9) }
    #expect(design.isSlewed == (kind != .multisine && kind != .chirp))
  }

  @Test(arguments: ExcitationSettings.Kind.allCases)
  func powerLiesInTheBand(kind: ExcitationSettings.Kind) throws {
    let report = ExcitationReport(try ExcitationDesign(settings(kind, ticks: 1000)))
    let channel = report.channels[0]
    // What is left lies below the first line: the mean, which a band does not hold.
    let told = channel.spectrum.reduce(0) { $0 + $1.share }
    #expect(told > 0.9 && told < 1 + 1e-9)
    switch kind {
    case .multisine: #expect(channel.inBand > 0.999)
    case .chirp: #expect(channel.inBand > 0.9)
    case .prbs: #expect(channel.inBand > 0.6)
    case .steps, .ou, .random: #expect(channel.inBand > 0.3)
    }
  }

  /// Schroeder's phases alone give some 1.7, random ones 2.5 and more; one sine has 1.414.
  @Test(arguments: [1, 2, 3, 4] as [UInt64]) func theMultisineHasALowPeak(seed: UInt64) throws {
    let design = try ExcitationDesign(settings(.multisine, seed: seed))
    #expect(ExcitationReport(design).channels[0].crestFactor < 1.5)
  }

  @Test func multisineChannelsDoNotCorrelateOverTheirPeriod() throws {
    let design = try ExcitationDesign(settings(.multisine, channels: 3))
    for (a, b) in [(0, 1), (0, 2), (1, 2)] {
      for lag in stride(from: 0, to: 400, by: 7) {
        // The start ramps up from the safe action only within a slew limit, which there is none of.
        let sum = (0..<400).reduce(0.0) {
          $0 + (design.actions[a][$1] - Double(a) / 2)
            * (design.actions[b][($1 + lag) % 400]
              - Double(b) / 2)
        }
        #expect(abs(sum) < 1e-6)
      }
    }
  }

  @Test func channelsOfOtherKindsHardlyCorrelate() throws {
    for kind in [ExcitationSettings.Kind.prbs, .chirp, .steps, .random] {
      let design = try ExcitationDesign(settings(kind, channels: 2, ticks: 1500))
      let correlation = try #require(ExcitationReport(design).correlation)
      #expect(
        correlation < (kind == .prbs || kind == .chirp ? 0.45 : 0.5), "\(kind): \(correlation)")
    }
  }

  @Test func aPlantThatIntegratesTwiceIsNotCarriedAway() throws {
    for kind in ExcitationSettings.Kind.allCases {
      let design = try ExcitationDesign(settings(kind))
      let excursion = Drift.excursion(design.actions, from: 0, ticks: 400)
      // Five units of action all the time in one direction lead 400 000 away.
      #expect(excursion < 15_000, "\(kind): \(excursion)")
    }
  }

  @Test(arguments: 3...16) func theShiftRegisterHasItsLongestPeriod(places: Int) {
    let sequence = BinarySequence(places: places, held: 1)
    let levels = sequence.levels()
    #expect(levels.count { $0 } == (1 << places) / 2)
    // Every window of as many places occurs once.
    var seen = Set<Int>()
    var window = 0
    for k in 0..<(levels.count + places - 1) {
      window = (window << 1 | (levels[k % levels.count] ? 1 : 0)) & sequence.length
      if k >= places - 1 { seen.insert(window) }
    }
    #expect(seen.count == sequence.length)
  }

  @Test func aFreeLengthBecomesAWholePeriod() throws {
    var settings = settings(.prbs)
    settings.isLengthFree = true
    let design = try ExcitationDesign(settings)
    #expect(design.settings.ticks == 127 * 4)
    let levels = Set(design.actions[0].map { ($0 * 1e9).rounded() })
    #expect(levels.count == 2)
    let report = ExcitationReport(design)
    #expect(abs(report.channels[0].crestFactor - 1) < 0.02)
  }

  @Test func aBandWithoutASineForEachChannelIsRefused() {
    #expect(throws: ExcitationError.tooFewSines(channels: 3, sines: 2)) {
      try ExcitationDesign(settings(.multisine, channels: 3, ticks: 50, band: 1...2))
    }
  }
}
