import Foundation
import ReplanRecord
public import ReplanRobot
import Yams

extension SweepSpec {
  /// - Throws: `RobotError.unreadable` if the file cannot be read, `.invalid` with all its faults and
  ///   those of the robot files that it names.
  public static func load(path: String) throws(RobotError) -> SweepSpec {
    try parse(text: RobotFile.read(path), file: path)
  }

  /// - Parameter file: the name that faults give, and from whose folder the other files are found.
  public static func parse(text: String, file: String) throws(RobotError) -> SweepSpec {
    let root = try Syntax.compose(text, file: file, kind: "sweep")
    var checker = Checker(diagnostics: Diagnostics(file: file))
    // The grid's keys are those of another file, so that the checker does not know them.
    guard let fields = checker.section(withoutSettings(root), SweepKeys.section, path: "") else {
      throw checker.diagnostics.error
    }
    let axes =
      settings(of: root).map { SettingAxis.axes($0, &checker.diagnostics) } ?? []
    var others: [Fault] = []
    let variants = SweepVariants(fields, axes, file: file, &checker.diagnostics, &others)
    let seeds = fields.located(SweepKeys.seeds)
    if let seeds, let fault = seeds.value.fault {
      checker.diagnostics.add(seeds, found: fault.found, allowed: fault.allowed)
    }
    guard checker.diagnostics.faults.isEmpty, others.isEmpty, let seeds,
      let name = fields[SweepKeys.name], let description = fields[SweepKeys.description],
      let command = fields[SweepKeys.command],
      let experience = fields[SweepKeys.maximumExperience], let plant = plant(fields)
    else { throw .invalid(checker.diagnostics.error.faults + others) }
    return SweepSpec(
      name: name, description: description, command: command, variants: variants.all,
      seeds: seeds.value.values, maximumExperience: experience, plant: plant, source: text)
  }

  private static func plant(_ fields: Fields) -> Plant? {
    guard let plant = fields[SweepKeys.plant], let draw = plant[SweepPlantKeys.draw],
      let seed = plant[SweepPlantKeys.seed], let noise = plant[SweepPlantKeys.noise],
      let delay = plant[SweepPlantKeys.actuationDelay]
    else { return nil }
    return Plant(isDrawn: draw, seed: UInt64(seed), noise: noise, actuationDelay: delay)
  }

  private static func isSettings(_ key: Node) -> Bool { key.scalar?.string == "settings" }

  private static func settings(of root: Node) -> Node? {
    root.mapping?.first { isSettings($0.key) }?.value
  }

  private static func withoutSettings(_ root: Node) -> Node {
    guard case .mapping(let mapping) = root else { return root }
    let pairs = mapping.filter { !isSettings($0.key) }.map { ($0.key, $0.value) }
    return .mapping(Node.Mapping(pairs, mapping.tag, mapping.style, mapping.mark))
  }

  static func path(_ path: String, beside file: String) -> String {
    guard !path.hasPrefix("/") else { return path }
    return URL(filePath: file).deletingLastPathComponent().appending(path: path)
      .standardizedFileURL.relativePath
  }
}
