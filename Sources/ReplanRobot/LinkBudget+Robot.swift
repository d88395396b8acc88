extension RobotDescription {
  /// What a tick of this robot costs on its line; channels that the plant does not send cost nothing.
  public var linkBudget: LinkBudget {
    LinkBudget(
      observations: observation.count { $0.isMeasured }, actions: action.count, baud: link.baud)
  }
}
