/// What one look at the machine or the line found out about its timing.
public struct Check: Sendable, Equatable, Encodable {
  public enum Finding: String, Sendable, Encodable {
    case ok
    /// Endangers timing under some circumstances.
    case warning
    /// Endangers the deadline of every tick.
    case problem
    /// Could not be found out; not to be taken for good.
    case unknown
  }

  public let event = "check"
  public var name: String
  public var finding: Finding
  /// In plain words.
  public var found: String
  /// Why it endangers timing.
  public var why: String
  /// What to do; empty if there is nothing to be done.
  public var remedy: String
  /// The command that does it; empty if there is none.
  public var command: String

  private enum CodingKeys: String, CodingKey {
    case event, name, finding, found, why, remedy, command
  }

  init(
    _ name: String, _ finding: Finding, found: String, why: String, remedy: String = "",
    command: String = ""
  ) {
    self.name = name
    self.finding = finding
    self.found = found
    self.why = why
    self.remedy = finding == .ok ? "" : remedy
    self.command = finding == .ok ? "" : command
  }
}

/// What a check is about, whatever it finds; a finding is added to it.
struct Subject {
  var name: String
  var why: String
  var remedy = ""
  var command = ""

  func ok(_ found: String) -> Check { Check(name, .ok, found: found, why: why) }

  func warning(_ found: String) -> Check { bad(.warning, found) }

  func problem(_ found: String) -> Check { bad(.problem, found) }

  /// - Parameters:
  ///   - remedy: how to find out.
  ///   - command: the command for it.
  func unknown(_ found: String, remedy: String = "", command: String = "") -> Check {
    Check(name, .unknown, found: found, why: why, remedy: remedy, command: command)
  }

  func unknown(_ error: HostFileError) -> Check { unknown(error.description) }

  private func bad(_ finding: Check.Finding, _ found: String) -> Check {
    Check(name, finding, found: found, why: why, remedy: remedy, command: command)
  }
}
