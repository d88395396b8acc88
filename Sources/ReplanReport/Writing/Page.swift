import Foundation

/// Puts the page together: its skeleton, styles and scripts, dygraphs, and the data.
enum Page {
  /// In the order in which they use one another.
  private static let scripts = [
    PackageResources.data_js, PackageResources.text_js, PackageResources.thinning_js,
    PackageResources.theme_js, PackageResources.verdicts_js, PackageResources.plot_js,
    PackageResources.linked_js, PackageResources.series_js, PackageResources.episode_js,
    PackageResources.learning_js, PackageResources.table_js, PackageResources.scope_js,
    PackageResources.timing_js, PackageResources.prediction_js, PackageResources.coverage_js,
    PackageResources.configuration_js, PackageResources.summary_js, PackageResources.page_js,
  ]

  static func bytes(
    _ content: ReportContent, _ blocks: [(id: String, bytes: [UInt8])], _ dygraphs: Dygraphs
  ) throws(ReportError) -> [UInt8] {
    let title = content.robot.map { content.robots[$0].name } ?? content.workspace
    var data = Data()
    for block in blocks {
      data += Data("<script type=\"text/plain\" id=\"\(block.id)\">".utf8)
      data += Data(block.bytes).base64EncodedData()
      data += Data("</script>\n".utf8)
    }
    data += Data("<script type=\"application/json\" id=\"report\">".utf8)
    data += try json(content)
    data += Data("</script>".utf8)
    return Array(
      filled([
        "title": Data(escaped("\(title) – replan report").utf8),
        "style": Data(dygraphs.style.utf8) + Data("\n".utf8) + Data(PackageResources.report_css),
        "dygraphs": Data(inert(dygraphs.script).utf8),
        "data": data,
        "script": Data(scripts.joined()),
      ]))
  }

  /// The skeleton with `<!--name-->` replaced; each stands there once.
  private static func filled(_ parts: [String: Data]) -> Data {
    var rest = String(decoding: PackageResources.report_html, as: UTF8.self)[...]
    var page = Data()
    while let start = rest.range(of: "<!--"), let end = rest.range(of: "-->") {
      guard let part = parts[String(rest[start.upperBound..<end.lowerBound])] else {
        preconditionFailure("the skeleton has a place for what nobody fills in")
      }
      page += Data(rest[..<start.lowerBound].utf8) + part
      rest = rest[end.upperBound...]
    }
    return page + Data(rest.utf8)
  }

  /// JSON that cannot end the element it stands in, whatever the texts in it are.
  static func json(_ content: some Encodable) throws(ReportError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      let text = String(decoding: try encoder.encode(content), as: UTF8.self)
      return Data(text.replacingOccurrences(of: "<", with: "\\u003c").utf8)
    } catch {
      throw .unwritable(path: "report", reason: "a value is not representable as JSON: \(error)")
    }
  }

  private static func inert(_ script: String) -> String {
    script.replacingOccurrences(of: "</script", with: "<\\/script")
      .replacingOccurrences(of: "<!--", with: "<\\!--")
  }

  private static func escaped(_ text: String) -> String {
    text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
  }

  static func write(_ bytes: [UInt8], to path: String) throws(ReportError) {
    do {
      try Data(bytes).write(to: URL(filePath: path), options: .atomic)
    } catch {
      let reason = error.localizedDescription.trimmingCharacters(in: ["."])
      throw .unwritable(path: path, reason: reason)
    }
  }
}
