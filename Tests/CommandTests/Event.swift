import Foundation

/// One JSON object of `--json` or of the journal.
struct Event {
  let values: [String: Any]

  static func parse(_ lines: String) throws -> [Event] {
    try lines.split(separator: "\n").map { line in
      guard
        let values = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      else { throw Failure(description: "no JSON object: \(line)") }
      return Event(values: values)
    }
  }

  var name: String { string("event") }
  var keys: Set<String> { Set(values.keys) }

  func string(_ key: String) -> String { values[key] as? String ?? "" }
  func number(_ key: String) -> Double { (values[key] as? NSNumber)?.doubleValue ?? .nan }
  func integer(_ key: String) -> Int { (values[key] as? NSNumber)?.intValue ?? .min }
  func flag(_ key: String) -> Bool? { values[key] as? Bool }
  func object(_ key: String) -> Event { Event(values: values[key] as? [String: Any] ?? [:]) }
  func list(_ key: String) -> [Event] {
    (values[key] as? [[String: Any]] ?? []).map(Event.init)
  }
  func numbers(_ key: String) -> [Double] {
    (values[key] as? [NSNumber] ?? []).map(\.doubleValue)
  }

  /// The event as text, without what differs from run to run.
  func text(without keys: Set<String>) throws -> String {
    let kept = values.filter { !keys.contains($0.key) }
    let data = try JSONSerialization.data(withJSONObject: kept, options: .sortedKeys)
    return String(decoding: data, as: UTF8.self)
  }
}

extension [Event] {
  func named(_ name: String) -> [Event] { filter { $0.name == name } }
}
