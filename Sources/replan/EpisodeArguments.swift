public import ArgumentParser
public import ReplanRobot

/// The robot file's word for an initial state.
extension EpisodeDescription.Reset: ExpressibleByArgument {}

/// How many episodes, from where, for how long.
struct EpisodeArguments: ParsableArguments {
  @Option(help: "Number of episodes.")
  var episodes = 1

  @Option(help: "Initial state, rest or random. (default: the robot file's)")
  var reset: EpisodeDescription.Reset?

  @Option(
    help: ArgumentHelp("Length of an episode. (default: the robot file's)", valueName: "seconds"))
  var duration: Double?

  func validate() throws {
    if !(1...100_000).contains(episodes) {
      throw ValidationError("--episodes is \(episodes); 1 to 100000 is allowed.")
    }
    if let duration, !(duration > 0 && duration <= 86_400) {
      throw ValidationError("--duration is \(duration); 0 to 86400 s is allowed.")
    }
  }
}
