public import ReplanLoop
public import ReplanRecord

extension PreparedActions {
  /// The actions of a design for an episode to play, and the words that its file has of it.
  public convenience init(_ design: ExcitationDesign) {
    let settings = design.settings
    self.init(
      PreparedTable(channels: settings.channels.map(\.name), values: design.rows),
      design: "\(settings.kind.rawValue), \(settings.amplitude) of the range, "
        + "\(settings.band.lowerBound)-\(settings.band.upperBound) Hz, seed \(settings.seed)")
  }
}
