import Foundation

/// The library that draws the time series, as Debian's package libjs-dygraphs installs it.
public struct Dygraphs: Sendable {
  public static let folder = "/usr/share/javascript/dygraphs"
  static let notice = "/usr/share/doc/libjs-dygraphs/copyright"

  let script: String
  let style: String

  /// - Throws: `noDygraphs` if it is not there.
  init(folder: String) throws(ReportError) {
    func text(_ path: String) throws(ReportError) -> String {
      guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
        throw .noDygraphs(path: path)
      }
      return text
    }
    let library = try text(folder + "/dygraph.min.js")
    // A page has no file beside it that a source map could be in.
    let lines = library.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("//# sourceMappingURL") }
    // Its licence asks for the notice; the library's own first line names it where that is missing.
    let notice = (try? text(Self.notice)).map {
      "/*\n" + $0.replacingOccurrences(of: "*/", with: "* /") + "*/\n"
    }
    script = (notice ?? "") + lines.joined(separator: "\n")
    style = try text(folder + "/dygraph.min.css")
  }
}
