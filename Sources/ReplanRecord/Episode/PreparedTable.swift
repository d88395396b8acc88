/// Actions that were designed before an episode and played in it, one row a tick.
///
/// In the episode's file they are the attachment `excitation.csv`: a heading of the action channels'
/// names, then a line a tick; each number is the shortest decimal that reads back as the same bits.
public struct PreparedTable: Sendable, Equatable {
  /// Names of the action channels.
  public let channels: [String]
  /// Shape [tick, action], each in its own unit.
  public let values: [Float]

  /// Rows.
  public var ticks: Int { values.count / channels.count }

  /// - Precondition: whole rows of finite numbers, and at least one channel.
  public init(channels: [String], values: [Float]) {
    precondition(!channels.isEmpty && values.count % channels.count == 0, "rows are whole")
    precondition(values.allSatisfy(\.isFinite), "an action is a finite number")
    self.channels = channels
    self.values = values
  }
}

extension PreparedTable {
  static let attachmentName = "excitation.csv"

  var text: String {
    var lines = [channels.joined(separator: ",")]
    for tick in 0..<ticks {
      let row = values[tick * channels.count..<(tick + 1) * channels.count]
      lines.append(row.map { "\($0)" }.joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// nil for a text that is no such table.
  init?(text: String) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: true)
    guard !lines.isEmpty else { return nil }
    let channels = lines.removeFirst().split(separator: ",").map(String.init)
    guard !channels.isEmpty else { return nil }
    var values: [Float] = []
    for line in lines {
      let row = line.split(separator: ",", omittingEmptySubsequences: false).map { Float($0) }
      guard row.count == channels.count else { return nil }
      for value in row {
        guard let value, value.isFinite else { return nil }
        values.append(value)
      }
    }
    self.init(channels: channels, values: values)
  }
}
