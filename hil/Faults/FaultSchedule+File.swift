import Foundation
public import Yams

extension FaultSchedule {
  /// Far above any fault file, far below what would keep the parser busy for long.
  private static var largestSize: Int { 256 * 1024 }

  /// Reads a fault file (hil/FAULTS.md).
  ///
  /// - Parameter channels: of the plant, if known; names of others are violations then.
  /// - Throws: every violation at once.
  public static func read(
    path: String, channels: FaultChannels? = nil
  ) throws(FaultError) -> FaultSchedule {
    let bytes: Data
    do {
      let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? handle.close() }
      // One byte more than allowed tells a file that is too large, however far it has grown.
      bytes = try handle.read(upToCount: largestSize + 1) ?? Data()
    } catch {
      throw .unreadable(
        FaultViolation(
          file: path, line: 0, column: 0, key: "", found: "no file that can be read",
          allowed: "a fault file (hil/FAULTS.md)"))
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw whole(path, found: "bytes that are not UTF-8", allowed: "UTF-8 text")
    }
    return try parse(yaml: text, file: path, channels: channels)
  }

  /// The schedule of a fault file's text; `file` names it in violations.
  ///
  /// - Throws: every violation at once.
  public static func parse(
    yaml: String, file: String = "faults", channels: FaultChannels? = nil
  ) throws(FaultError) -> FaultSchedule {
    guard yaml.utf8.count <= largestSize else {
      throw whole(file, found: "more than 256 KiB", allowed: "a fault file of at most 256 KiB")
    }
    var reader = FaultReader(file: file)
    guard let node = try compose(yaml, file: file) else {
      throw whole(file, found: "nothing", allowed: "a fault file: faults: [{fault: NAME, …}]")
    }
    let schedule = reader.schedule(node, channels: channels)
    guard reader.violations.isEmpty else { throw reader.error }
    return schedule
  }

  /// The schedule of a list of faults inside another file, such as a scenario.
  ///
  /// - Parameters: path, of the list's key; node, the list.
  /// - Throws: every violation at once, with the places that the node has in its file.
  public static func parse(
    list node: Node, path: String = "faults", file: String, seed: UInt64 = 1,
    channels: FaultChannels? = nil
  ) throws(FaultError) -> FaultSchedule {
    var reader = FaultReader(file: file)
    let faults = reader.faults(node, path, channels: channels)
    guard reader.violations.isEmpty else { throw reader.error }
    return FaultSchedule(seed: seed, faults)
  }

  private static func compose(_ yaml: String, file: String) throws(FaultError) -> Node? {
    do {
      return try Yams.compose(yaml: yaml, .basic, .default, .utf8)
    } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
      throw place(
        file, context.mark, "a key more than once: " + keys.sorted().joined(separator: ", "),
        "each key once")
    } catch YamlError.scanner(_, let problem, let mark, _),
      YamlError.parser(_, let problem, let mark, _), YamlError.composer(_, let problem, let mark, _)
    {
      throw place(file, mark, "a syntax error: \(problem)", "YAML, one document")
    } catch {
      throw whole(file, found: "text that is not YAML", allowed: "YAML, one document")
    }
  }

  private static func place(
    _ file: String, _ mark: Mark, _ found: String, _ allowed: String
  ) -> FaultError {
    .invalid([
      FaultViolation(
        file: file, line: mark.line, column: mark.column, key: "", found: found, allowed: allowed)
    ])
  }

  private static func whole(_ file: String, found: String, allowed: String) -> FaultError {
    .invalid([
      FaultViolation(file: file, line: 0, column: 0, key: "", found: found, allowed: allowed)
    ])
  }

  /// Whether each channel is one of the plant's, for a schedule that was read without them.
  ///
  /// - Throws: one violation for each fault that names another.
  public func check(_ channels: FaultChannels, file: String = "faults") throws(FaultError) {
    var violations: [FaultViolation] = []
    for (index, fault) in faults.enumerated() {
      guard let channel = fault.channel,
        let allowed = FaultSchedule.allowed(channel, fault.kind.place, channels)
      else { continue }
      violations.append(
        FaultViolation(
          file: file, line: fault.line, column: 1, key: "faults[\(index)].channel",
          found: FaultWording.quoted(channel), allowed: allowed))
    }
    if !violations.isEmpty { throw .invalid(violations) }
  }

  /// - Returns: what is allowed instead of `channel`; `nil` if it is right.
  static func allowed(
    _ channel: String, _ place: FaultPlace, _ channels: FaultChannels?
  ) -> String? {
    if place == .actuator {
      let count = channels?.actuatorCount ?? 16
      if let number = Int(channel), (0..<count).contains(number) { return nil }
      return "an actuator's number, 0 to \(count - 1), or all"
    }
    guard let names = channels?.sensors.map(\.name), !names.contains(channel) else { return nil }
    return FaultWording.choice(of: names + ["all"], insteadOf: channel)
  }
}
