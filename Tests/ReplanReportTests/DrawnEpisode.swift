import Foundation
import ReplanCore
import ReplanRecord

/// An episode of the cart-pole whose curves a test knows.
struct DrawnEpisode {
  var index = 1
  var ticks = 200
  var rate = 50.0
  var kind = "mpc"
  var model = ""
  var isSuccess = false
  var robotText: String
  /// Verdicts that are not `planned`, by tick.
  var verdicts: [Range<Int>: Verdict] = [:]
  /// A tick whose first channel jumps to 2 for one sample.
  var spike: Int?
  /// Ticks of which there are no records.
  var missing: Range<Int> = 0..<0
  /// Ticks whose observation did not come, so that the state is an estimate.
  var unseen: Range<Int> = 0..<0

  /// When the first sample comes; the file was begun a little earlier.
  static let start: UInt64 = 1_790_000_000_000_000_000

  var episode: Episode {
    let header = EpisodeHeader(
      robotName: "cart_pole", robotText: robotText,
      observationChannels: ["cart_position", "cart_velocity", "pole_angle", "pole_velocity"],
      actionChannels: ["force"], rate: rate, tick: 1 / rate, seed: 1, modelHash: model,
      index: index, kind: kind, build: "replan test", created: "2026-01-01T00:00:00Z",
      startTime: Self.start - 1_500_000_000)
    var episode = Episode(header: header)
    episode.outcome = EpisodeOutcome(
      seconds: Double(ticks) / rate, isSuccess: isSuccess, episodeReturn: -100 / Double(index),
      ticks: ticks, overruns: 1, fallbacks: 0, reason: isSuccess ? "success" : "time up")
    for tick in 0..<ticks where !missing.contains(tick) { add(tick, to: &episode) }
    return episode
  }

  private func add(_ tick: Int, to episode: inout Episode) {
    let time = Double(tick) / rate
    let logTime = Self.start + UInt64((time * 1e9).rounded())
    let turn = 2.5 * sin(0.9 * time) + 2.5
    let angle = Float(remainder(turn, 2 * Double.pi))
    let position = tick == spike ? 2 : Float(0.8 * sin(2 * time))
    let state = [position, Float(1.6 * cos(2 * time)), angle, Float(2.25 * cos(0.9 * time))]
    if !unseen.contains(tick) {
      episode.observations.append(
        ObservationRecord(
          logTime: logTime, sequence: UInt32(tick), actionSequence: UInt32(tick),
          plantTime: UInt64((time * 1e6).rounded()), flags: 1, cost: .nan, values: state))
    }
    episode.states.append(TickValues(logTime: logTime, tick: UInt32(tick), values: state))
    episode.actions.append(
      ActionRecord(
        logTime: logTime, sequence: UInt32(tick + 1), tick: UInt32(tick), flags: 0,
        values: [Float(9 * sin(5 * time))]))
    let verdict = verdicts.first { $0.key.contains(tick) }?.value ?? .planned
    var record = TickRecord(
      logTime: logTime, tick: UInt32(tick), verdict: verdict.rawValue, iterations: 2,
      planCost: Float(40 + 30 * cos(time)), disagreement: Float(pow(10, -3 + sin(3 * time))),
      wakeMicroseconds: 20 + 10 * abs(sin(17 * time)),
      tickMicroseconds: 600 + 200 * abs(sin(29 * time)) + (tick == ticks / 2 ? 9000 : 0),
      ageMicroseconds: 500, latencyMicroseconds: 1e6 / rate + 50 * sin(31 * time),
      modelGeneration: tick > ticks / 2 ? 1 : 0, isOverrun: tick == ticks / 2)
    record.transportMicroseconds = tick % 2 == 0 ? 300 + 10 * sin(time) : .nan
    episode.ticks.append(record)
  }
}
