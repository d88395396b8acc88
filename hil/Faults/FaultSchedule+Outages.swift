extension FaultSchedule {
  /// The faults of a kind as outages: begun by the samples, ended by the clock.
  public func outages(_ kind: FaultKind) -> [Outage] {
    faults.indices.filter { faults[$0].kind == kind }
      .map { Outage(timing(of: $0), endsDisarmed: false, isMoment: kind == .plantReset) }
  }

  /// Whether the fault at an index may act at `time`; those drawn by frame may all through their
  /// window.
  public func isActive(_ index: Int, at time: FaultTime) -> Bool {
    timing(of: index).interval(at: time) != nil
  }
}
