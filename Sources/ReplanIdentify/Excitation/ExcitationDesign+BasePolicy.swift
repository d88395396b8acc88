public import ReplanRobot

extension ExcitationDesign {
  /// The design of a robot's base policy; nil if that is drawn tick by tick.
  ///
  /// - Throws: where its band contradicts the rate or the length.
  public static func base(
    of robot: RobotDescription, seed: UInt64
  ) throws(ExcitationError) -> ExcitationDesign? {
    guard case .multisine(let amplitude, let band) = robot.basePolicy.method else { return nil }
    return try ExcitationDesign(
      ExcitationSettings(
        robot, kind: .multisine, amplitude: amplitude, band: band.map { $0.low...$0.high },
        seconds: robot.basePolicy.seconds, seed: seed))
  }
}
