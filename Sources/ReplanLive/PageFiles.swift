import FlyingFox
import Foundation

/// The page's own files, which are part of the program.
enum PageFiles {
  /// - Returns: nil for a path that is none of them.
  static func response(_ path: String, token: String) -> HTTPResponse? {
    switch path {
    case "/":
      // The token stands in the page, which other sites cannot read.
      let page = String(decoding: PackageResources.page_html, as: UTF8.self)
        .replacing("REPLAN_TOKEN", with: token)
      return response(Data(page.utf8), "text/html; charset=utf-8")
    case "/page.css": return response(Data(PackageResources.page_css), "text/css; charset=utf-8")
    case "/page.js": return script(PackageResources.page_js)
    case "/stream.js": return script(PackageResources.stream_js)
    case "/stop.js": return script(PackageResources.stop_js)
    case "/canvas.js": return script(PackageResources.canvas_js)
    case "/picture.js": return script(PackageResources.picture_js)
    case "/charts.js": return script(PackageResources.charts_js)
    case "/words.js": return script(PackageResources.words_js)
    default: return nil
    }
  }

  /// Nothing from elsewhere is loaded, nothing is kept, and no other page frames this one.
  static let securityHeaders: [HTTPHeader: String] = [
    HTTPHeader("Content-Security-Policy"):
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
      + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    HTTPHeader("X-Content-Type-Options"): "nosniff",
    HTTPHeader("X-Frame-Options"): "DENY",
    HTTPHeader("Referrer-Policy"): "no-referrer",
    HTTPHeader("Cross-Origin-Resource-Policy"): "same-origin",
    HTTPHeader("Cross-Origin-Opener-Policy"): "same-origin",
    HTTPHeader("Cache-Control"): "no-store",
  ]

  private static func script(_ bytes: [UInt8]) -> HTTPResponse {
    response(Data(bytes), "text/javascript; charset=utf-8")
  }

  private static func response(_ body: Data, _ type: String) -> HTTPResponse {
    HTTPResponse(statusCode: .ok, headers: [.contentType: type], body: body)
  }
}
