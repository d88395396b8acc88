import Foundation

/// The samples that a simulated plant logged, as CSV.
struct PlantLog {
  private let columns: [String: Int]
  private let rows: [[Substring]]

  /// - Returns: nil if there is no such log, or none that names its columns.
  init?(path: String) {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
    self.init(text: text)
  }

  init?(text: String) {
    let lines = text.split(separator: "\n")
    guard let first = lines.first else { return nil }
    var columns: [String: Int] = [:]
    for (index, name) in first.split(separator: ",").enumerated() { columns[String(name)] = index }
    guard columns["sequence"] != nil, columns["armed"] != nil else { return nil }
    self.columns = columns
    // A plant that was killed may leave half a line.
    rows = lines.dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      .filter { $0.count == columns.count }
  }

  /// The samples of the episode: from sample 0 of the reset before the first armed one.
  ///
  /// A plant that restarts counts anew; its samples go on in time all the same.
  ///
  /// - Parameter states: names of the observation channels.
  func samples(states: Int, actions: Int, period: Double) -> [Recording.PlantSample] {
    let names = columns.filter { $0.key.hasPrefix("true_") }.sorted { $0.value < $1.value }
      .prefix(states).map(\.value)
    let applied = (0..<actions).compactMap { columns["applied_\($0)"] }
    guard names.count == states, applied.count == actions,
      let armed = rows.firstIndex(where: { flag($0, "armed") })
    else { return [] }
    var first = armed
    while first > 0, sequence(rows[first]) != 0 { first -= 1 }
    var time = 0.0
    var last: Int?
    return rows[first...].map { row in
      let number = sequence(row)
      if let last {
        // A lost or repeated line shows in the sequence; a restart is one sample more.
        time += number > last ? Double(number - last) * period : period
      } else {
        time = Double(number) * period
      }
      last = number
      return Recording.PlantSample(
        time: time, state: names.map { Double(row[$0]) ?? .nan },
        applied: applied.map { Double(row[$0]) ?? .nan }, isArmed: flag(row, "armed"),
        isStarved: flag(row, "watchdog"))
    }
  }

  private func sequence(_ row: [Substring]) -> Int {
    columns["sequence"].flatMap { Int(row[$0]) } ?? 0
  }

  private func flag(_ row: [Substring], _ name: String) -> Bool {
    columns[name].map { row[$0] == "1" } ?? false
  }
}
