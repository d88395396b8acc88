import ReplanRecord
import ReplanRobot

/// Each robot of a sweep under each of its settings, checked as the robot files that they are.
struct SweepVariants {
  private(set) var all: [SweepSpec.Variant] = []

  /// - Parameter others: faults of the robot files themselves.
  init(
    _ fields: Fields, _ axes: [SettingAxis], file: String, _ diagnostics: inout Diagnostics,
    _ others: inout [Fault]
  ) {
    let isRefit = fields[SweepKeys.command] == .refit
    let combinations = axes.reduce(1) { min($0 * $1.values.count, 1 << 30) }
    guard combinations <= SettingAxis.largestGrid else {
      let position = axes[0].position
      diagnostics.add(
        position, "settings", found: "\(combinations) combinations",
        allowed: "at most \(SettingAxis.largestGrid)")
      return
    }
    let episodes = isRefit ? Self.episodes(fields, file: file, &diagnostics) : [:]
    var names: Set<String> = []
    for entry in fields[SweepKeys.robots] ?? [] {
      guard
        let robot = Self.robot(entry, beside: file, &diagnostics, &others)
      else { continue }
      guard names.insert(robot.name).inserted else {
        diagnostics.add(
          entry, found: "a second robot of the name \(robot.name)", allowed: "each name once")
        continue
      }
      if !isRefit, robot.link.simulator == nil {
        diagnostics.add(
          entry, found: "robot \(robot.name), which names no link.simulator",
          allowed: "robots with a simulated plant")
      }
      if isRefit, episodes[robot.name, default: []].isEmpty {
        diagnostics.add(
          entry, found: "robot \(robot.name), of which no workspace has episodes",
          allowed: "robots with episodes in `workspaces`")
      }
      variants(of: robot, axes, episodes[robot.name] ?? [], &diagnostics)
    }
  }

  private mutating func variants(
    of robot: RobotDescription, _ axes: [SettingAxis], _ episodes: [String],
    _ diagnostics: inout Diagnostics
  ) {
    var blamed: Set<Setting> = []
    for setting in Setting.grid(axes) {
      do throws(RobotError) {
        let text = try Self.text(of: setting, robot)
        _ = try RobotDescription.parse(text: text, file: robot.name)
        all.append(
          SweepSpec.Variant(
            robot: robot.name, setting: setting, text: text, episodes: episodes))
      } catch {
        Self.blame(setting, error.faults[0], robot, axes, &blamed, &diagnostics)
      }
    }
  }

  /// Tells what is wrong with a combination where it stands: at the value that is wrong by itself, or,
  /// if each is right by itself, at the grid.
  private static func blame(
    _ setting: Setting, _ fault: Fault, _ robot: RobotDescription, _ axes: [SettingAxis],
    _ blamed: inout Set<Setting>, _ diagnostics: inout Diagnostics
  ) {
    func words(_ setting: Setting, _ fault: Fault) -> String {
      let isPlain = setting.pairs.count == 1 && fault.key == setting.pairs[0].key
      return (setting.pairs.count == 1 ? setting.pairs[0].value : setting.label)
        + " with robot \(robot.name)"
        + (isPlain ? "" : " (\(fault.key): found \(fault.found))")
    }
    var isFound = false
    for (axis, pair) in zip(axes, setting.pairs) {
      let alone = Setting(pairs: [pair])
      guard let fault = faults(of: alone, robot).first else { continue }
      isFound = true
      guard blamed.insert(alone).inserted else { continue }
      let value = axis.values.first { $0.text == pair.value }
      diagnostics.add(
        value?.position ?? axis.position, "settings.\(axis.key)", found: words(alone, fault),
        allowed: fault.allowed)
    }
    guard !isFound, let first = axes.first else { return }
    diagnostics.add(
      first.position, "settings", found: words(setting, fault), allowed: fault.allowed)
  }

  private static func faults(of setting: Setting, _ robot: RobotDescription) -> [Fault] {
    do throws(RobotError) {
      _ = try RobotDescription.parse(text: text(of: setting, robot), file: robot.name)
      return []
    } catch {
      // What several values together mend is found by their combination.
      return error.faults
    }
  }

  private static func text(
    of setting: Setting, _ robot: RobotDescription
  ) throws(RobotError) -> String {
    var edit = RobotFileEdit(text: robot.source, file: robot.name)
    for pair in setting.pairs {
      try edit.set(path: pair.key.split(separator: ".").map(String.init), to: pair.value)
    }
    return edit.text
  }

  private static func robot(
    _ entry: Located<String>, beside file: String, _ diagnostics: inout Diagnostics,
    _ others: inout [Fault]
  ) -> RobotDescription? {
    let path = SweepSpec.path(entry.value, beside: file)
    do throws(RobotError) {
      return try RobotDescription.load(path: path)
    } catch {
      if case .unreadable(let fault) = error {
        diagnostics.add(entry, found: "\(path): \(fault.found)", allowed: "a robot file")
      } else {
        others += error.faults
      }
      return nil
    }
  }

  /// The episode files of the workspaces, by the robot's name.
  private static func episodes(
    _ fields: Fields, file: String, _ diagnostics: inout Diagnostics
  ) -> [String: [String]] {
    let entries = fields[SweepKeys.workspaces] ?? []
    if entries.isEmpty, let command = fields.located(SweepKeys.command) {
      diagnostics.add(
        command, found: "refit without workspaces", allowed: "with a list of `workspaces`")
    }
    var episodes: [String: [String]] = [:]
    for entry in entries {
      let path = SweepSpec.path(entry.value, beside: file)
      do throws(RecordError) {
        let contents = try WorkspaceContents(path: path)
        guard let text = contents.robotText,
          let robot = try? RobotDescription.parse(text: text, file: path + "/robot.yaml")
        else {
          diagnostics.add(entry, found: "\(path): no robot file in it", allowed: "a workspace")
          continue
        }
        episodes[robot.name, default: []] += contents.episodes.map(\.path)
      } catch {
        diagnostics.add(entry, found: "\(error)", allowed: "a workspace")
      }
    }
    return episodes
  }
}
