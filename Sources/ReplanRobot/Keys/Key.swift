/// A key together with the Swift type of its value, so that a decoder cannot read it as another.
package struct Key<Value: KeyValue>: Sendable {
  package let descriptor: KeyDescriptor

  private init(
    _ name: String, _ form: Form, _ presence: KeyDescriptor.Presence, _ unit: String,
    _ summary: String
  ) {
    descriptor = KeyDescriptor(
      name: name, form: form, presence: presence, unit: unit, summary: summary)
  }
}

/// A type that the value of a key can have.
package protocol KeyValue: Sendable {
  init?(_ checked: Located<CheckedValue>)
}

/// A closed set of words; the raw value is the word in the file.
package protocol Choice: KeyValue, CaseIterable, RawRepresentable, Encodable
where RawValue == String {}

extension Choice {
  package init?(_ checked: Located<CheckedValue>) {
    guard case .text(let text) = checked.value else { return nil }
    self.init(rawValue: text)
  }

  package static var names: [String] { allCases.map(\.rawValue) }
}

extension Key where Value == Double {
  package init(
    _ name: String, _ bounds: Bounds, default standard: Double? = nil, required: Bool = false,
    unit: String = "", _ summary: String
  ) {
    let presence = standard.map { KeyDescriptor.Presence.standard(.number($0)) }
    self.init(
      name, .number(bounds), presence ?? (required ? .required : .optional), unit, summary)
  }
}

extension Key where Value == Int {
  package init(
    _ name: String, _ range: ClosedRange<Int>, default standard: Int? = nil, unit: String = "",
    _ summary: String
  ) {
    let presence = standard.map { KeyDescriptor.Presence.standard(.number(Double($0))) }
    self.init(name, .integer(range), presence ?? .optional, unit, summary)
  }
}

extension Key where Value == String {
  package init(
    _ name: String, _ form: TextForm, default standard: String? = nil, required: Bool = false,
    _ summary: String
  ) {
    let presence = standard.map { KeyDescriptor.Presence.standard(.text($0)) }
    self.init(name, .text(form), presence ?? (required ? .required : .optional), "", summary)
  }
}

extension Key where Value == String {
  /// One word of a set that is not a type of its own.
  package init(_ name: String, oneOf words: [String], required: Bool = false, _ summary: String) {
    self.init(name, .choice(words), required ? .required : .optional, "", summary)
  }
}

extension Key where Value == Bool {
  /// A key that is there or not, and is written as `key: true`.
  package init(mark name: String, _ summary: String) {
    self.init(name, .truth, .required, "", summary)
  }

  package init(_ name: String, default standard: Bool, _ summary: String) {
    self.init(name, .truth, .standard(.truth(standard)), "", summary)
  }
}

extension Key where Value: Choice {
  package init(_ name: String, default standard: Value, _ summary: String) {
    self.init(
      name, .choice(Value.names), .standard(.text(standard.rawValue)), "", summary)
  }
}

extension Key where Value == [String] {
  /// Words of a set that is not a type of its own.
  package init(
    _ name: String, someOf words: [String], required: Bool = false, _ summary: String
  ) {
    self.init(
      name, .list(.choice(words), count: 1...words.count), required ? .required : .optional, "",
      summary)
  }
}

extension Key where Value == [Int] {
  package init(
    _ name: String, _ range: ClosedRange<Int>, count: ClosedRange<Int>, default standard: [Int],
    _ summary: String
  ) {
    let literal = Literal.list(standard.map { .number(Double($0)) })
    self.init(name, .list(.integer(range), count: count), .standard(literal), "", summary)
  }
}

extension Key where Value == [Double] {
  package init(
    _ name: String, _ bounds: Bounds, count: ClosedRange<Int>, default standard: [Double],
    _ summary: String
  ) {
    let literal = Literal.list(standard.map { .number($0) })
    self.init(name, .list(.number(bounds), count: count), .standard(literal), "", summary)
  }
}

extension Key {
  /// A number, or a section that says it otherwise.
  package init(
    _ name: String, _ bounds: Bounds, orSection section: Section, default standard: Double,
    _ summary: String
  ) {
    self.init(
      name, .either(.number(bounds), section), .standard(.number(standard)), "", summary)
  }

  /// One word of a few, or a section.
  package init(
    _ name: String, oneOf words: [String], orSection section: Section, default standard: String,
    _ summary: String
  ) {
    self.init(name, .either(.choice(words), section), .standard(.text(standard)), "", summary)
  }
}

extension Key {
  /// A list of whole numbers, or a section that says them otherwise.
  package init(
    _ name: String, listOf range: ClosedRange<Int>, count: ClosedRange<Int>,
    orSection section: Section, _ summary: String
  ) {
    self.init(
      name, .either(.list(.integer(range), count: count), section), .required, "", summary)
  }
}

extension Key where Value == [Located<String>] {
  /// Texts of one line each, such as paths.
  package init(
    _ name: String, linesOf count: ClosedRange<Int>, required: Bool = false, _ summary: String
  ) {
    self.init(
      name, .list(.text(.line), count: count), required ? .required : .standard(.list([])), "",
      summary)
  }
}

extension Key where Value == Interval {
  package init(_ name: String, _ bounds: Bounds, unit: String, _ summary: String) {
    self.init(name, .pair(bounds), .optional, unit, summary)
  }
}

extension Key where Value == [Located<String>] {
  package init(_ name: String, count: ClosedRange<Int>, _ summary: String) {
    self.init(name, .list(.text(.name), count: count), .standard(.list([])), "", summary)
  }
}

extension Key where Value == Entries {
  package init(_ name: String, channelsTo form: Form, unit: String = "", _ summary: String) {
    self.init(name, .map(.name, form), .section, unit, summary)
  }
}

extension Key where Value == Fields {
  package init(_ name: String, _ section: Section, required: Bool = false, _ summary: String) {
    self.init(name, .section(section), required ? .required : .section, "", summary)
  }
}

extension Key where Value == [Fields] {
  /// Absent means an empty list where that is allowed.
  package init(_ name: String, listOf section: Section, count: ClosedRange<Int>, _ summary: String)
  {
    self.init(
      name, .list(.section(section), count: count),
      count.lowerBound == 0 ? .standard(.list([])) : .required, "", summary)
  }
}
