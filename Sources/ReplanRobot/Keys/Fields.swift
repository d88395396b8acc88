/// A value whose form is right, as its key's descriptor wants it.
package indirect enum CheckedValue: Sendable {
  case number(Double)
  case text(String)
  case truth(Bool)
  case list([Located<CheckedValue>])
  case entries(Entries)
  case section(Fields)

  package init(_ literal: Literal, at position: Position, path: String) {
    switch literal {
    case .number(let value): self = .number(value)
    case .text(let text): self = .text(text)
    case .truth(let value): self = .truth(value)
    case .list(let items):
      self = .list(
        items.map {
          Located(
            value: CheckedValue($0, at: position, path: path), position: position, path: path)
        })
    }
  }
}

/// Two bounds, low below high.
public struct Interval: Sendable, Equatable, Encodable {
  public let low: Double
  public let high: Double

  package func contains(_ value: Double) -> Bool { value >= low && value <= high }

  package func contains(_ other: Interval) -> Bool { other.low >= low && other.high <= high }

  package var description: String { "\(Wording.number(low))...\(Wording.number(high))" }
}

/// The pairs of a mapping whose keys the file names itself, in the file's order.
package struct Entries: Sendable {
  package struct Entry: Sendable {
    package var name: Located<String>
    package var value: Located<CheckedValue>
  }

  package var entries: [Entry] = []
}

/// The checked values of one section, read by typed keys.
package struct Fields: Sendable {
  package let position: Position
  /// Empty for the whole file.
  package let path: String
  package var values: [String: Located<CheckedValue>] = [:]
  /// Keys whose value has a fault already; of a list or a section the sound rest is still there.
  package var faulty: Set<String> = []

  package func path(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

  /// The value or its default; nil if it is absent without a default, or has a fault.
  package subscript<Value>(key: Key<Value>) -> Value? {
    located(key)?.value
  }

  /// The value with its place; a default stands where its section begins.
  package func located<Value>(_ key: Key<Value>) -> Located<Value>? {
    let descriptor = key.descriptor
    if let value = values[descriptor.name] { return Located(value) }
    guard !faulty.contains(descriptor.name) else { return nil }
    let path = path(descriptor.name)
    let standard: CheckedValue
    switch (descriptor.presence, descriptor.form) {
    case (.standard(let literal), _):
      standard = CheckedValue(literal, at: position, path: path)
    case (.section, .map): standard = .entries(Entries())
    case (.section, _): standard = .section(Fields(position: position, path: path))
    case (.required, _), (.optional, _): return nil
    }
    return Located(Located(value: standard, position: position, path: path))
  }

  package func has<Value>(_ key: Key<Value>) -> Bool { values[key.descriptor.name] != nil }

  /// True if the key is absent or its value is right throughout: all of its meaning is known.
  package func isSound<Value>(_ key: Key<Value>) -> Bool { !faulty.contains(key.descriptor.name) }
}

extension Double: KeyValue {
  package init?(_ checked: Located<CheckedValue>) {
    guard case .number(let number) = checked.value else { return nil }
    self = number
  }
}

extension Int: KeyValue {
  package init?(_ checked: Located<CheckedValue>) {
    guard case .number(let number) = checked.value else { return nil }
    self = Int(number)
  }
}

extension Bool: KeyValue {
  package init?(_ checked: Located<CheckedValue>) {
    guard case .truth(let value) = checked.value else { return nil }
    self = value
  }
}

extension String: KeyValue {
  package init?(_ checked: Located<CheckedValue>) {
    guard case .text(let text) = checked.value else { return nil }
    self = text
  }
}

extension Interval: KeyValue {
  package init?(_ checked: Located<CheckedValue>) {
    guard case .list(let items) = checked.value, items.count == 2, let low = Double(items[0]),
      let high = Double(items[1])
    else { return nil }
    self.init(low: low, high: high)
  }
}

extension Fields: KeyValue {
  package init?(_ checked: Located<CheckedValue>) {
    guard case .section(let fields) = checked.value else { return nil }
    self = fields
  }
}

extension Entries: KeyValue {
  package init?(_ checked: Located<CheckedValue>) {
    guard case .entries(let entries) = checked.value else { return nil }
    self = entries
  }
}

extension Located: KeyValue where Value: KeyValue {
  package init?(_ checked: Located<CheckedValue>) {
    guard let value = Value(checked) else { return nil }
    self.init(value: value, position: checked.position, path: checked.path)
  }
}

extension Array: KeyValue where Element: KeyValue {
  package init?(_ checked: Located<CheckedValue>) {
    guard case .list(let items) = checked.value else { return nil }
    self = items.compactMap { Element($0) }
  }
}
