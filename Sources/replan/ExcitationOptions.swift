public import ArgumentParser
public import ReplanIdentify
import ReplanLoop
import ReplanRobot

/// The signal that a robot is to be excited with, instead of its base policy.
struct ExcitationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Play a designed signal instead of the base policy: "
        + ExcitationSettings.Kind.allCases.map(\.rawValue).joined(separator: ", ")
        + ". An episode ends where the state leaves the envelope.", valueName: "kind"))
  var excitation: ExcitationSettings.Kind?

  @Option(
    help: ArgumentHelp(
      "With --excitation: fraction of half the action's range, above 0 to 1. (default: 0.5)",
      valueName: "fraction"))
  var amplitude: Double?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "With --excitation: lowest and highest frequency. (default: from the planner's horizon T and "
        + "the rate, 1 / 2T to 5 / T)", valueName: "Hz"))
  var band: [Double] = []

  @Flag(
    help: """
      Play actions along which the members of the workspace's model in use disagree most, instead of \
      the base policy.
      """)
  var directed = false

  func validate() throws {
    if directed && excitation != nil {
      throw ValidationError("--directed and --excitation exclude each other.")
    }
    if excitation == nil && (amplitude != nil || !band.isEmpty) {
      throw ValidationError("--amplitude and --band belong to --excitation.")
    }
    if let amplitude, !(amplitude > 0 && amplitude <= 1) {
      throw ValidationError("--amplitude is \(amplitude); above 0, up to 1 is allowed.")
    }
    if !band.isEmpty && (band.count != 2 || !(band[0] > 0 && band[0] < band[1])) {
      throw ValidationError("--band takes two frequencies in Hz, the lower first, above 0.")
    }
  }

  /// The designs of episodes, each with a seed of its own; nil where the base policy is played.
  ///
  /// - Throws: `ExcitationError` where the options contradict the robot.
  func designs(
    for robot: RobotDescription, episodes: Int, seconds: Double?, seed: UInt64
  ) throws -> [ExcitationDesign]? {
    guard let excitation else { return nil }
    return try (0..<episodes).map { episode in
      try ExcitationDesign(
        ExcitationSettings(
          robot, kind: excitation, amplitude: amplitude,
          band: band.isEmpty ? nil : band[0]...band[1], seconds: seconds,
          seed: seed &+ UInt64(episode)))
    }
  }
}

extension ExcitationSettings.Kind: ExpressibleByArgument {}
