/// The transitions of one episode that a model was fitted to.
public struct DataShare: Sendable, Codable, Equatable {
  /// Number of the episode; 0 where it is not known.
  public var episode: Int
  /// True for an episode of the base policy.
  public var base: Bool
  public var transitions: Int
  /// Which of the episode's transitions, from 0, as `0-23, 30`; nil where they are too scattered to be
  /// listed in a header.
  public var ranges: String?
  /// SHA-256 of these transitions alone, in hexadecimal: tells in which episode data differ.
  public var hash: String

  public init(episode: Int, base: Bool, places: [Int], hash: String) {
    self.episode = episode
    self.base = base
    transitions = places.count
    let text = ModelOverview.text(ofEpisodes: places)
    ranges = text.utf8.count <= Self.longestText ? text : nil
    self.hash = hash
  }

  /// Bytes; a header holds many episodes.
  private static let longestText = 2048
}
