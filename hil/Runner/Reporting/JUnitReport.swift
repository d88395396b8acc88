/// Results as the XML that continuous integration reads.
///
/// One suite with a case for each scenario; elements and attributes are those of the schema that
/// Jenkins publishes (junit-10.xsd), so that strict readers take it too.
public struct JUnitReport: Sendable {
  private let results: [ScenarioResult]
  private let timestamp: String

  /// - Parameter timestamp: when the run began, ISO 8601.
  public init(_ results: [ScenarioResult], timestamp: String) {
    self.results = results
    self.timestamp = timestamp
  }

  public var text: String {
    let seconds = results.map(\.seconds).reduce(0, +)
    let counts = [
      ("name", "replan hil"), ("tests", "\(results.count)"), ("failures", "\(results.failed)"),
      ("errors", "\(results.errors)"),
    ]
    let suite = counts + [("skipped", "\(results.skipped)"), ("time", Self.time(seconds))]
    let body = results.map(testCase).joined()
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites\(Self.attributes(counts + [("time", Self.time(seconds))]))>
        <testsuite\(Self.attributes(suite + [("timestamp", timestamp)]))>
      \(body)  </testsuite>
      </testsuites>

      """
  }

  private func testCase(_ result: ScenarioResult) -> String {
    let attributes = Self.attributes([
      ("name", result.name), ("classname", "hil"), ("time", Self.time(result.seconds)),
    ])
    return "    <testcase\(attributes)>\n\(outcome(result))\(output(result))    </testcase>\n"
  }

  private func outcome(_ result: ScenarioResult) -> String {
    switch result.outcome {
    case .passed: return ""
    case .failed:
      return result.failures.map {
        element(
          "failure", [("message", "expected: \($0.what)"), ("type", "expectation")],
          "expected: \($0.what)\nmeasured: \($0.measured)")
      }.joined()
    case .skipped(let reason):
      return "      <skipped\(Self.attributes([("message", reason)]))/>\n"
    case .error(let obstacle):
      let line = obstacle.description.prefix { $0 != "\n" }
      return element(
        "error", [("message", String(line)), ("type", "\(obstacle.kind)")], obstacle.description)
    }
  }

  private func output(_ result: ScenarioResult) -> String {
    var lines = ["file: \(result.file)"]
    lines += result.judgements.map { "\($0.ok ? "ok" : "NOT MET"): \($0.what): \($0.measured)" }
    if let kept = result.kept { lines.append("episode: \(kept)") }
    return element("system-out", [], lines.joined(separator: "\n"))
  }

  private func element(
    _ name: String, _ attributes: [(String, String)], _ text: String
  ) -> String {
    "      <\(name)\(Self.attributes(attributes))>\(Self.escaped(text))</\(name)>\n"
  }

  private static func attributes(_ pairs: [(String, String)]) -> String {
    pairs.map { " \($0.0)=\"\(escaped($0.1, isAttribute: true))\"" }.joined()
  }

  private static func time(_ seconds: Double) -> String {
    "\((seconds * 1000).rounded() / 1000)"
  }

  /// Text as XML 1.0 can hold it: what it knows no way to write becomes U+FFFD.
  static func escaped(_ text: String, isAttribute: Bool = false) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n" where isAttribute: result += "&#10;"
      case "\t" where isAttribute: result += "&#9;"
      case "\r": result += "&#13;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      default:
        let isAllowed = scalar.value >= 0x20 && scalar.value != 0xFFFE && scalar.value != 0xFFFF
        result.unicodeScalars.append(isAllowed ? scalar : "\u{FFFD}")
      }
    }
    return result
  }
}
