import ReplanRecord

/// A workspace as one page that a browser opens without a network.
///
/// ```swift
/// let report = try Report(workspace: "workspaces/cart_pole", options: Report.Options(build: "replan"))
/// try report.write(to: "workspaces/cart_pole/report.html")
/// ```
/// The workspace is only read, and may be in use meanwhile.
public struct Report: Sendable {
  public struct Options: Sendable {
    /// The program that writes the page, named in it.
    public var build: String
    /// The only episode to tell of; nil for all.
    public var episode: Int?
    /// What the page may take, in bytes; longer episodes are thinned, with their extremes kept.
    public var size = 40_000_000
    /// Where dygraphs is installed.
    public var dygraphs = Dygraphs.folder

    public init(build: String) { self.build = build }
  }

  public let page: [UInt8]
  /// Episodes in the page.
  public let episodes: Int
  /// Those of which not every sample is in the page.
  public let thinned: Int
  /// What the reader has to know beforehand: what could not be read, was cut off or is missing.
  public let notes: [String]

  /// - Parameter progress: the number of episodes read, and of all.
  /// - Throws: `record` if the folder is no workspace, or if the only episode to tell of cannot be
  ///   read; what else cannot be read is told in the page.
  public init(
    workspace path: String, options: Options, progress: (Int, Int) -> Void = { _, _ in }
  ) throws(ReportError) {
    let dygraphs = try Dygraphs(folder: options.dygraphs)
    let contents: WorkspaceContents
    do throws(RecordError) { contents = try WorkspaceContents(path: path) } catch {
      throw .record(error)
    }
    var builder = ReportBuilder(contents, options)
    try builder.read(progress)
    page = try Page.bytes(builder.content, builder.blocks, dygraphs)
    episodes = builder.content.episodes.count
    thinned = builder.content.episodes.count { episode in
      episode.tables.contains { $0.perPoint > 1 }
    }
    notes = builder.content.notes
  }

  /// Replaces or creates the file, whole or not at all.
  public func write(to path: String) throws(ReportError) {
    try Page.write(page, to: path)
  }
}
