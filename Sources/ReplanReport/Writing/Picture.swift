import Foundation
import Subprocess
import SystemPackage

/// Pictures of a page, taken by Chromium without a window.
public enum Picture {
  /// Names under which distributions install it.
  static let programs = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]

  /// Draws an episode's plots into a PNG file.
  ///
  /// - Parameters:
  ///   - page: a file with the page.
  ///   - width: in CSS pixels; the file has twice as many.
  public static func take(
    of page: String, episode: Int, width: Int, to path: String
  ) async throws(ReportError) {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let program = try program(in: folders.map(String.init))
    let profile =
      FileManager.default.temporaryDirectory.appending(path: "replan-report-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: profile) }
    let address = URL(filePath: page).absoluteString + "#picture-\(episode)"
    let shot = profile + ".png"
    defer { try? FileManager.default.removeItem(atPath: shot) }
    // The page says how tall it is at this width; only then the picture can be taken whole.
    let drawn = try await run(program, profile, width, 800, ["--dump-dom", address])
    guard let height = height(in: drawn) else {
      throw .browserFailed("the page was not drawn")
    }
    _ = try await run(program, profile, width, height, ["--screenshot=\(shot)", address])
    guard let picture = try? Data(contentsOf: URL(filePath: shot)) else {
      throw .browserFailed("it left no picture")
    }
    try Page.write(Array(picture), to: path)
  }

  /// The first of the browsers that one of the folders holds.
  static func program(in folders: [String]) throws(ReportError) -> String {
    let places = programs.flatMap { name in folders.map { "\($0)/\(name)" } }
    guard let found = places.first(where: FileManager.default.isExecutableFile) else {
      throw .noBrowser
    }
    return found
  }

  static func height(in page: String) -> Int? {
    guard let start = page.range(of: "data-height=\"")?.upperBound else { return nil }
    return Int(page[start...].prefix { $0.isNumber })
  }

  private static func run(
    _ program: String, _ profile: String, _ width: Int, _ height: Int, _ arguments: [String]
  ) async throws(ReportError) -> String {
    var options = [
      "--headless", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
      "--force-device-scale-factor=2", "--user-data-dir=\(profile)",
      "--window-size=\(width),\(height)",
    ]
    // Its sandbox refuses to be set up by root.
    if geteuid() == 0 { options.append("--no-sandbox") }
    do {
      let result = try await Subprocess.run(
        .path(FilePath(program)), arguments: Arguments(options + arguments),
        output: .string(limit: 256 << 20), error: .discarded)
      guard result.terminationStatus.isSuccess else {
        throw ReportError.browserFailed("\(program) ended with \(result.terminationStatus)")
      }
      return result.standardOutput
    } catch let error as ReportError {
      throw error
    } catch {
      throw .browserFailed("\(program): \(error)")
    }
  }
}
