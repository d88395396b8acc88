public import ReplanRobot

extension RobotFileEdit {
  /// Sets rate, horizon, candidates and iterations, as far as they are not what the file has.
  ///
  /// - Throws: `RobotError.invalid` if the file writes them in a form that cannot be edited.
  public mutating func apply(
    _ fit: FitRate, to robot: RobotDescription
  ) throws(RobotError) {
    if fit.rate != robot.rate { try set(path: ["rate"], to: words(fit.rate)) }
    // Inserted ones end up in the order of the robot file's documentation.
    let planner = robot.plannerConfiguration()
    if let iterations = fit.iterations, iterations != planner.iterations {
      try set(path: ["planner", "iterations"], to: "\(iterations)")
    }
    if let candidates = fit.candidates, candidates != planner.candidates {
      try set(path: ["planner", "candidates"], to: "\(candidates)")
    }
    if fit.isShortened || fit.horizon != Int((robot.planner.horizon * fit.rate).rounded()) {
      // Four digits name a tick at every rate.
      try set(
        path: ["planner", "horizon"],
        to: words((Double(fit.horizon) / fit.rate * 10_000).rounded() / 10_000))
    }
  }

  private func words(_ value: Double) -> String {
    value == value.rounded() ? "\(Int(value))" : "\(value)"
  }
}
