public import ArgumentParser
public import ReplanRobot

extension ModelDescription.Posterior: ExpressibleByArgument {}

/// The option that says how members come about, instead of the robot file.
enum PosteriorOption {
  static let help = ArgumentHelp(
    """
    How members come about, instead of the robot file's model.posterior: \
    \(ModelDescription.Posterior.allCases.map(\.rawValue).joined(separator: ", ")).
    """)
}
