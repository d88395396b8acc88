import Crypto
import Foundation

/// One run of a sweep: a robot under a setting with a seed.
public struct SweepJob: Sendable {
  public let robot: String
  public let setting: Setting
  public let seed: UInt64
  public let command: SweepCommand
  /// Its folder, relative to that of the sweep.
  public let path: String
  /// The robot file with the setting in it.
  public let robotText: String
  /// What the command takes beside robot file and workspace.
  public let options: [String]
  /// Of `refit`: the episode files.
  public let episodes: [String]
  /// Equal for jobs that do the same.
  public let identity: String

  init(_ spec: SweepSpec, _ variant: SweepSpec.Variant, seed: UInt64) {
    robot = variant.robot
    setting = variant.setting
    self.seed = seed
    command = spec.command
    path = "jobs/\(variant.robot)/\(variant.setting.folder)/seed-\(seed)"
    robotText = variant.text
    // From wherever a job is run, its files are the same.
    episodes = variant.episodes.map { URL(filePath: $0).standardizedFileURL.path }
    var options = ["--seed", "\(seed)"]
    if spec.command == .learn {
      let plant = spec.plant
      options += [
        "--lockstep", "--max-experience", "\(spec.maximumExperience)",
        "--plant-seed", "\(plant.isDrawn ? seed : plant.seed)", "--noise", "\(plant.noise)",
        "--actuation-delay", "\(plant.actuationDelay)",
      ]
    }
    self.options = options
    let words = [spec.command.rawValue, robotText] + options + episodes
    identity = SHA256.hash(data: Data(words.joined(separator: "\u{0}").utf8)).map { byte in
      String(format: "%02x", byte)
    }.joined()
  }
}
