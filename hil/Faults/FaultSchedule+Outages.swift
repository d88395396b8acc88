extension FaultSchedule {
  /// The faults of a kind as outages: begun by the samples, ended by the clock.
  public func outages(_ isMeant: (FaultKind) -> Bool) -> [Outage] {
    faults.indices.filter { isMeant(faults[$0].kind) }
      .map { Outage(timing(of: $0), endsDisarmed: false) }
  }

  /// Whether the fault at an index may act at `time`; those drawn by frame may all through their
  /// window.
  public func isActive(_ index: Int, at time: FaultTime) -> Bool {
    timing(of: index).interval(at: time) != nil
  }
}
