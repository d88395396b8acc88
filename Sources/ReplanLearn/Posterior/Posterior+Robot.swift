public import ReplanRobot

extension Posterior {
  /// As a robot file names it.
  public init(_ posterior: ModelDescription.Posterior) {
    self =
      switch posterior {
      case .bootstrap: .bootstrap
      case .shared: .shared
      case .bayesian: .bayesian
      case .lastLayer: .lastLayer
      }
  }
}
