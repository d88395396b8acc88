import ReplanHIL
import ReplanRealtime

extension RealtimePreparation {
  /// Ticks that a rehearsal runs: samples that were overtaken and one that was not, then none.
  static let rehearsedTicks = 3

  /// Runs the loop for a few ticks on a line with nobody at its end, so that no page of its code, of
  /// the link's and of the system's library is met for the first time beside a moving plant.
  ///
  /// After memory was trimmed and before the episode begins: the controller ticks in it, and what it
  /// learned of the plant by that is forgotten when the episode begins.
  ///
  /// - Parameter state: of a ring of its own and `rehearsedTicks` ticks.
  /// - Returns: what was not to be had.
  func rehearse(_ state: ControlState) -> RealtimeReport {
    guard isWanted, let channels = link.channels else { return RealtimeReport() }
    let line: RehearsalLine
    do throws(HILError) {
      line = try RehearsalLine(channels: channels)
    } catch {
      return RealtimeReport([
        .init(
          what: "a rehearsal of the loop", why: "\(error)",
          remedy: "mount -t devpts devpts /dev/pts")
      ])
    }
    for sequence in 0..<2 { line.add(sequence: UInt32(sequence), values: host.middleState) }
    var loop = StreamingLoop(
      link: line.link, state: state, rate: 1000, lead: 0.1, silence: 1)
    _ = loop.run()
    _ = ThreadUsage.current
    return RealtimeReport()
  }
}
