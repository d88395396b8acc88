public import ReplanRecord

/// Why there is no report or no picture of it.
public enum ReportError: Error, Equatable, Sendable {
  /// The workspace or the episode asked for cannot be read.
  case record(RecordError)
  /// The workspace has no episode of that number; it has those.
  case noEpisode(Int, workspace: String, there: [Int])
  /// The library that draws the plots is not installed.
  case noDygraphs(path: String)
  /// No browser that could take a picture is installed.
  case noBrowser
  /// The browser did not do what it was asked for.
  case browserFailed(String)
  /// The result cannot be written.
  case unwritable(path: String, reason: String)
}

extension ReportError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .record(let error): return error.description
    case .noEpisode(let index, let workspace, let there):
      guard let first = there.first, let last = there.last else {
        return "\(workspace): has no episode \(index): it holds none yet. Record some by "
          + "`replan learn`, `replan run` or `replan collect`."
      }
      return "\(workspace): has no episode \(index); it holds \(there.count), "
        + "numbered \(first) to \(last)."
    case .noDygraphs(let path):
      return "\(path): is missing; the report's plots are drawn by dygraphs. "
        + "Install it: sudo apt install libjs-dygraphs"
    case .noBrowser:
      return "no Chromium is installed to draw the picture with. "
        + "Install it: sudo apt install chromium"
    case .browserFailed(let reason):
      return
        "Chromium did not draw the picture: \(reason). Write the page without --png, and open it "
        + "in a browser."
    case .unwritable(let path, let reason):
      return "\(path): cannot be written: \(reason). Name another file by --out or --png."
    }
  }
}
