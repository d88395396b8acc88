/// The JSON Schema of robot files, made from the table of keys that the checker uses.
///
/// Editors complete and check by it as one types. It says what a key may hold; what keys mean
/// together (names that must be declared, limits that must agree) only `RobotDescription` checks.
public enum RobotSchema {
  /// The schema, draft 2020-12, as text with a final newline: what robots/robot.schema.json holds.
  public static func jsonSchema() -> String {
    var members: [(String, JSONText)] = [
      ("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
      ("title", .string("Replan robot description")),
      (
        "description",
        .string("SI units and radians. Generated from the program's table of keys.")
      ),
    ]
    members += object(RobotKeys.section)
    return JSONText.object(members).text() + "\n"
  }

  private static func property(_ key: KeyDescriptor) -> (String, JSONText) {
    var description = key.summary
    if !key.unit.isEmpty { description += " Unit: \(key.unit)." }
    var members: [(String, JSONText)] = [("description", .string(description))]
    members += form(key.form)
    if case .standard(let literal) = key.presence {
      members.append(("default", JSONText(literal)))
    }
    return (key.name, .object(members))
  }

  private static func form(_ form: Form) -> [(String, JSONText)] {
    switch form {
    case .number(let bounds):
      return [("type", .string("number"))] + limits(bounds)
    case .integer(let range):
      return [
        ("type", .string("integer")), ("minimum", .number(Double(range.lowerBound))),
        ("maximum", .number(Double(range.upperBound))),
      ]
    case .text(let form):
      return text(form)
    case .choice(let names):
      return [("type", .string("string")), ("enum", .array(names.map { .string($0) }))]
    case .truth:
      return [("type", .string("boolean"))]
    case .pair(let bounds):
      let item: [(String, JSONText)] = [("type", .string("number"))] + limits(bounds)
      return list(item, 2...2)
    case .list(let item, let count):
      return list(Self.form(item), count)
    case .map(let key, let value):
      return [
        ("type", .string("object")), ("propertyNames", .object(text(key))),
        ("additionalProperties", .object(Self.form(value))),
      ]
    case .section(let section):
      return object(section)
    case .either(let plain, let section):
      return [
        ("if", .object([("type", .string("object"))])), ("then", .object(object(section))),
        ("else", .object(Self.form(plain))),
      ]
    }
  }

  private static func limits(_ bounds: Bounds) -> [(String, JSONText)] {
    [
      (bounds.excludesLow ? "exclusiveMinimum" : "minimum", .number(bounds.low)),
      (bounds.excludesHigh ? "exclusiveMaximum" : "maximum", .number(bounds.high)),
    ]
  }

  private static func text(_ form: TextForm) -> [(String, JSONText)] {
    var members: [(String, JSONText)] = [("type", .string("string"))]
    if !form.pattern.isEmpty { members.append(("pattern", .string(form.pattern))) }
    return members + [("maxLength", .number(Double(form.largestLength)))]
  }

  private static func list(
    _ item: [(String, JSONText)], _ count: ClosedRange<Int>
  ) -> [(String, JSONText)] {
    [
      ("type", .string("array")), ("items", .object(item)),
      ("minItems", .number(Double(count.lowerBound))),
      ("maxItems", .number(Double(count.upperBound))),
    ]
  }

  /// A section with variants becomes a chain of if/then/else, so that an editor tells what is wrong
  /// with the variant at hand instead of why none of them fits.
  private static func object(_ section: Section) -> [(String, JSONText)] {
    let type: [(String, JSONText)] = [("type", .string("object"))]
    switch section.selector {
    case nil:
      return type + properties(section.keys) + section.rules.flatMap { rule($0) }
    case .value(let key, let standard):
      let others = section.variants.filter { $0.name != standard }
      return type
        + chain(section, others, otherwise: properties(section.keys(of: standard))) { name in
          let selected = JSONText.object([("const", .string(name))])
          return [("properties", .object([(key, selected)])), ("required", .array([.string(key)]))]
        }
    case .presence:
      let kinds = section.variants.map { JSONText.object(has($0.name)) }
      return type
        + chain(section, section.variants, otherwise: [("anyOf", .array(kinds))]) { has($0) }
    }
  }

  private static func rule(_ rule: Section.Rule) -> [(String, JSONText)] {
    let positive = JSONText.object([("exclusiveMinimum", .number(0))])
    let filled = JSONText.object([("minItems", .number(1))])
    return [
      (
        "if",
        .object([("properties", .object([(rule.weight, positive)]))] + has(rule.weight))
      ),
      ("else", .object([("properties", .object([(rule.list, filled)]))] + has(rule.list))),
    ]
  }

  private static func has(_ key: String) -> [(String, JSONText)] {
    [("required", .array([.string(key)]))]
  }

  private static func chain(
    _ section: Section, _ variants: [Section.Variant], otherwise: [(String, JSONText)],
    condition: (String) -> [(String, JSONText)]
  ) -> [(String, JSONText)] {
    var chain = otherwise
    for variant in variants.reversed() {
      chain = [
        ("if", .object(condition(variant.name))),
        ("then", .object(properties(section.keys(of: variant.name)))),
        ("else", .object(chain)),
      ]
    }
    return chain
  }

  private static func properties(_ keys: [KeyDescriptor]) -> [(String, JSONText)] {
    var members: [(String, JSONText)] = [
      ("properties", .object(keys.map { property($0) }))
    ]
    let required = keys.filter {
      if case .required = $0.presence { true } else { false }
    }
    if !required.isEmpty {
      members.append(("required", .array(required.map { .string($0.name) })))
    }
    return members + [("additionalProperties", .bool(false))]
  }
}
