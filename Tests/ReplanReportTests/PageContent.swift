import Foundation
import Testing

@testable import ReplanReport

/// What a page holds, taken out of it again.
struct PageContent {
  let text: String
  let values: [String: Any]

  init(_ report: Report) throws {
    text = String(decoding: report.page, as: UTF8.self)
    values = try #require(
      JSONSerialization.jsonObject(with: Data(try Self.block("report", of: text).utf8))
        as? [String: Any])
  }

  var episodes: [[String: Any]] { values["episodes"] as? [[String: Any]] ?? [] }
  var notes: [String] { values["notes"] as? [String] ?? [] }

  /// The text of a data element.
  static func block(_ id: String, of page: String) throws -> Substring {
    let head = try #require(page.range(of: "id=\"\(id)\">"), "no element \(id)")
    let end = try #require(page[head.upperBound...].range(of: "</script>"))
    return page[head.upperBound..<end.lowerBound]
  }

  /// A column of an episode's table; the name `time` is that of the times.
  func column(_ episode: Int, _ table: String, _ name: String) throws -> [Double] {
    let told = try #require(episodes.first { $0["index"] as? Int == episode })
    let layouts = try #require(told["tables"] as? [[String: Any]])
    let layout = try #require(layouts.first { $0["name"] as? String == table }, "no table \(table)")
    let text = String(try Self.block("series-\(episode)", of: self.text))
    let bytes = Array(try #require(Data(base64Encoded: text)))
    let rows = try #require(layout["rows"] as? Int)
    var offset = try #require(layout["offset"] as? Int)
    func numbers<Number>(_ type: Number.Type) -> [Number] {
      bytes.withUnsafeBytes { raw in
        (0..<rows).map {
          raw.loadUnaligned(fromByteOffset: offset + $0 * MemoryLayout<Number>.size, as: type)
        }
      }
    }
    if name == "time" { return numbers(Double.self) }
    let columns = try #require(layout["columns"] as? [String])
    let place = try #require(columns.firstIndex(of: name), "no column \(name)")
    offset += 8 * rows + 8 * ((rows + 1) / 2) * place
    return numbers(Float.self).map { Double($0) }
  }
}

extension ReportWorkspace {
  func report(episode: Int? = nil, size: Int = 40_000_000) throws -> Report {
    var options = Report.Options(build: "replan test")
    options.episode = episode
    options.size = size
    return try Report(workspace: path, options: options)
  }
}
