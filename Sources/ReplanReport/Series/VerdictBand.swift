import ReplanCore
import ReplanLoop
import ReplanRecord

/// A time in which the guard stepped in: from, to, and its verdict.
struct VerdictBand: Equatable, Encodable {
  var start: Double
  var end: Double
  var verdict: UInt8

  func encode(to encoder: any Encoder) throws {
    var values = encoder.unkeyedContainer()
    try values.encode(start)
    try values.encode(end)
    try values.encode(verdict)
  }

  /// Drawing more would tell no more.
  static let most = 2000

  static let names = Verdict.all.map {
    ReportContent.VerdictName(name: "\($0)", isFallback: $0.isFallback)
  }

  /// The runs of equal verdicts but for those in which all is well.
  static func bands(of episode: Episode) -> [VerdictBand] {
    let well = Set([Verdict.planned, .explored, .settled].map(\.rawValue))
    let period = episode.header.rate > 0 ? 1 / episode.header.rate : 0
    var bands: [VerdictBand] = []
    var isOpen = false
    for tick in episode.ticks {
      let time = episode.seconds(tick.logTime)
      if isOpen {
        bands[bands.count - 1].end = time
        if bands[bands.count - 1].verdict == tick.verdict { continue }
      }
      isOpen = !well.contains(tick.verdict)
      if isOpen {
        bands.append(VerdictBand(start: time, end: time + period, verdict: tick.verdict))
      }
    }
    if isOpen, let last = episode.ticks.last {
      bands[bands.count - 1].end = episode.seconds(last.logTime) + period
    }
    return joined(bands)
  }

  /// Of too many bands, neighbours become one, with the verdict of the longest of them.
  private static func joined(_ bands: [VerdictBand]) -> [VerdictBand] {
    guard bands.count > most else { return bands }
    let size = (bands.count + most - 1) / most
    return stride(from: 0, to: bands.count, by: size).map { first in
      let group = bands[first..<min(first + size, bands.count)]
      let longest = group.max { $0.end - $0.start < $1.end - $1.start }!
      return VerdictBand(
        start: group.first!.start, end: group.last!.end, verdict: longest.verdict)
    }
  }
}
