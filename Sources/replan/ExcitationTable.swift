import ReplanIdentify

/// An excitation and the condition of what was recorded under it, as tables on standard error, or as
/// objects with `--json`.
struct ExcitationTable: Sendable {
  let console: Console

  func show(_ event: ExcitationEvent) {
    console.object(event)
    switch event {
    case .excitation(let design): show(design)
    case .regressors(let report): show(report)
    }
  }

  private func show(_ design: ExcitationEvent.Designed) {
    console.line(
      "\(design.kind.rawValue) of \(Table.number(design.seconds, 2)) s, "
        + "\(Table.number(design.band[0], 2)) to \(Table.number(design.band[1], 2)) Hz, seed "
        + "\(design.seed)"
        + (design.isSlewed ? "; the slew limit rounds its edges" : ""))
    for channel in design.channels {
      console.line(
        "  \(channel.name): \(Table.number(channel.low, 3)) to \(Table.number(channel.high, 3)), "
          + "crest factor \(Table.number(channel.crestFactor, 2)), "
          + "\(Table.number(100 * channel.inBand, 0)) % of its power in the band")
      let octaves = channel.spectrum.map {
        "\(Table.number($0.from, 2))-\(Table.number($0.to, 2)) Hz "
          + "\(Table.number(100 * $0.share, 0)) %"
      }
      console.line("    " + octaves.joined(separator: ", "))
    }
    if let correlation = design.correlation {
      console.line("  largest correlation of two channels: \(Table.number(correlation, 2))")
    }
  }

  private func show(_ report: ExcitationEvent.Regressors) {
    console.line(
      "condition of the regressors: \(Table.number(report.condition, 1)) from \(report.samples) "
        + "transitions; singular values "
        + report.singularValues.map { Table.number($0, 3) }.joined(separator: " "))
    if report.weakest.count > 1 {
      console.line("  least told apart: " + report.weakest.joined(separator: ", "))
    }
    if !report.constant.isEmpty {
      console.line("  never moved: " + report.constant.joined(separator: ", "))
    }
  }
}
