/// All that the page tells but for the series, as the JSON that its scripts read.
struct ReportContent: Encodable {
  /// A verdict's name by its number in the records.
  struct VerdictName: Encodable {
    var name: String
    var isFallback: Bool
  }

  /// The workspace's folder, without the way to it.
  var workspace: String
  /// The program that wrote the page.
  var build: String
  /// True of a page about one episode only.
  var isExcerpt: Bool
  /// What the reader has to know beforehand: what could not be read, was cut off or is missing.
  var notes: [String] = []
  /// The robot files of workspace and episodes, each once.
  var robots: [RobotContent] = []
  /// Index of the workspace's own; nil if it has none that can be read.
  var robot: Int?
  var episodes: [EpisodeContent] = []
  var models: [ModelContent] = []
  var runs: [RunContent] = []
  var samples: SamplesContent?
  /// Indexed by the verdict's raw value.
  let verdicts = VerdictBand.names
  /// Edges of the bins of all time histograms, µs.
  let edges = TimeHistogram.edges
}
