import ReplanRobot
import Yams

/// One key of the robot file with the values that a sweep tries.
struct SettingAxis: Sendable {
  struct Value: Sendable {
    /// As it is written in YAML, on one line.
    var text: String
    var position: Position
  }

  /// Dotted, such as `model.refit.every`.
  var key: String
  var position: Position
  var values: [Value]

  var path: [String] { key.split(separator: ".").map(String.init) }

  /// The most combinations of settings; a grid beyond is a slip.
  static let largestGrid = 10_000

  /// Reads the section `settings`; what is wrong with it becomes a fault.
  static func axes(_ node: Node, _ diagnostics: inout Diagnostics) -> [SettingAxis] {
    guard case .mapping(let mapping) = node else {
      diagnostics.add(
        node.position, "settings", found: "no section",
        allowed: "pairs \"key: [value, …]\", key a dotted key of the robot file")
      return []
    }
    var axes: [SettingAxis] = []
    for (key, value) in mapping {
      let name = key.scalar?.string ?? ""
      guard isPath(name) else {
        diagnostics.add(
          key.position, "settings", found: Wording.quoted(name),
          allowed: "a dotted key of the robot file, such as model.members")
        continue
      }
      guard !axes.contains(where: { $0.key == name }) else {
        diagnostics.add(
          key.position, "settings.\(name)", found: "the key a second time", allowed: "once")
        continue
      }
      guard case .sequence(let sequence) = value, !sequence.isEmpty else {
        diagnostics.add(
          value.position, "settings.\(name)", found: "no list", allowed: "a list of values")
        continue
      }
      let values = sequence.map { Value(text: flow($0), position: $0.position) }
      if let again = values.indices.first(where: { i in
        values[..<i].contains { $0.text == values[i].text }
      }) {
        diagnostics.add(
          values[again].position, "settings.\(name)", found: "\(values[again].text) a second time",
          allowed: "each value once")
      }
      axes.append(SettingAxis(key: name, position: key.position, values: values))
    }
    return axes
  }

  private static func isPath(_ text: String) -> Bool {
    let keys = text.split(separator: ".", omittingEmptySubsequences: false)
    return !keys.isEmpty
      && keys.allSatisfy { key in
        !key.isEmpty
          && key.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }
      }
  }

  /// A node on one line.
  static func flow(_ node: Node) -> String {
    switch node {
    case .scalar(let scalar):
      guard scalar.style == .plain || scalar.style == .any else {
        let escaped = scalar.string.replacing("'", with: "''")
        return "'\(escaped)'"
      }
      return scalar.string
    case .sequence(let items): return "[" + items.map(flow).joined(separator: ", ") + "]"
    case .mapping(let pairs):
      return "{" + pairs.map { "\(flow($0.key)): \(flow($0.value))" }.joined(separator: ", ") + "}"
    case .alias: return ""
    }
  }
}
