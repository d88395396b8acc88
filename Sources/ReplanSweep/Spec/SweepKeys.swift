import ReplanPlants
import ReplanRobot

/// The keys of a sweep's file.
enum SweepKeys {
  static let name = Key<String>(
    "name", .name, required: true, "Name of the sweep, and of its folder.")
  static let description = Key<String>(
    "description", .prose, default: "", "What it is to show, for people.")
  static let command = Key<SweepCommand>(
    "command", default: .learn, "What each job does: `learn`, or `refit` to given data.")
  static let robots = Key<[Located<String>]>(
    "robots", linesOf: 1...100, required: true, "Robot files, relative to this one.")
  static let seeds = Key<SeedList>(
    "seeds", listOf: 0...Int(Int32.max), count: 1...SeedList.largestCount,
    orSection: SeedKeys.section, "Seeds, as a list or as {from: 1, to: 20}.")
  static let maximumExperience = Key<Double>(
    "max_experience", .above(0, to: 86_400), default: 60, unit: "s",
    "Armed time after which a job of `learn` gives up.")
  static let plant = Key<Fields>(
    "plant", SweepPlantKeys.section, "The simulated plant of `learn`.")
  static let workspaces = Key<[Located<String>]>(
    "workspaces", linesOf: 0...10_000,
    "Workspaces relative to this file whose episodes `refit` takes, of each robot its own.")
  /// Read by `SettingAxis`; here so that the key is known.
  static let settings = Key<[Located<String>]>(
    "settings", count: 0...64, "Values to be tried, by the dotted key of the robot file.")

  static let section = Section([
    name.descriptor, description.descriptor, command.descriptor, robots.descriptor,
    settings.descriptor, seeds.descriptor, maximumExperience.descriptor, plant.descriptor,
    workspaces.descriptor,
  ])
}

enum SeedKeys {
  static let from = Key<Int>("from", 0...Int(Int32.max), default: 1, "The first seed.")
  static let to = Key<Int>("to", 0...Int(Int32.max), "The last seed.")

  static let section = Section([from.descriptor, to.descriptor])
}

enum SweepPlantKeys {
  static let draw = Key<Bool>(
    "draw", default: true, "Each seed draws another plant; otherwise all jobs have one.")
  static let seed = Key<Int>(
    "seed", 0...Int(Int32.max), default: 1, "With draw: false, draws the plant of all jobs.")
  static let noise = Key<Double>(
    "noise", .from(0, to: 1000), default: 1, "Multiplies the sensors' noise.")
  static let actuationDelay = Key<Int>(
    "actuation_delay", 0...ActuatorDelay.maximumSamples, default: 0, unit: "samples",
    "Samples by which the actuator lags.")

  static let section = Section([
    draw.descriptor, seed.descriptor, noise.descriptor, actuationDelay.descriptor,
  ])
}

/// What each job of a sweep does.
public enum SweepCommand: String, Sendable, Codable, CaseIterable {
  case learn, refit
}

extension SweepCommand: Choice {}

/// Seeds as a list, or as the first and the last of them.
struct SeedList: KeyValue {
  static let largestCount = 100_000

  let values: [UInt64]
  /// Set where the section contradicts itself: what was found and what is allowed.
  var fault: (found: String, allowed: String)?

  init?(_ checked: Located<CheckedValue>) {
    switch checked.value {
    case .list(let items):
      values = items.compactMap { Int($0) }.map { UInt64($0) }
      if Set(values).count < values.count { fault = ("a seed twice", "each seed once") }
    case .section(let fields):
      guard let from = fields[SeedKeys.from] else { return nil }
      guard let to = fields[SeedKeys.to] else {
        values = []
        fault = ("no last seed", "{from: 1, to: 20}, or a list")
        return
      }
      guard to >= from, to - from < Self.largestCount else {
        values = []
        fault = ("seeds from \(from) to \(to)", "an ascending range of at most 100000 seeds")
        return
      }
      values = (from...to).map { UInt64($0) }
    default: return nil
    }
  }
}
