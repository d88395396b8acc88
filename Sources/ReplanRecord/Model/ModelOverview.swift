import Foundation

/// What a model file says of itself, for lists; of any kind that Replan writes.
public struct ModelOverview: Sendable {
  public let path: String
  /// `ensemble`, …
  public let kind: String
  /// Of an ensemble: members, layers, activation, in words; empty for other kinds.
  public let shape: String
  public let channels: [String]
  /// What it was fitted on, if its header tells.
  public let training: TrainingSummary?
  /// Numbers of the episodes that it was fitted on, as `1-4, 6`; empty if its file does not tell.
  public let episodes: String
  /// How it was judged, and what its data reach over.
  public let provenance: ModelProvenance
  /// SHA-256 of the file: its identity in episodes and journal.
  public let hash: String
  /// Bytes of the file.
  public let size: Int
  /// When the file was written, s since 1970.
  public let written: Double

  /// The header's key for `episodes`.
  public static let episodesKey = "episodes"

  /// - Throws: `file` if it cannot be read, `damaged` if it is none of Replan's.
  public static func read(_ path: String) throws(RecordError) -> ModelOverview {
    let bytes = try Files.read(path)
    var reader = ByteReader(bytes, path: path)
    let length = try reader.integer(UInt64.self)
    guard length <= UInt64(ModelHeader.largestSize) else {
      throw reader.damaged("a header of \(length) bytes", at: 0)
    }
    var text = try reader.take(length)
    guard let header = try? JSONLine.decode(HeaderMetadata.self, text.rest()),
      let format = header.metadata["format"], format.hasPrefix(formatPrefix)
    else { throw reader.damaged("a safetensors file that Replan did not write", at: 8) }
    func value<T: Decodable>(_ key: String) -> T? {
      header.metadata[key].flatMap { try? JSONLine.decode(T.self, Array($0.utf8)) }
    }
    let shape: ShapeText? = value("shape")
    return ModelOverview(
      path: path, kind: String(format.dropFirst(formatPrefix.count)), shape: shape?.words ?? "",
      channels: value("channels") ?? [], training: value("training"),
      episodes: header.metadata[episodesKey] ?? "",
      provenance: ModelProvenance(header.metadata), hash: Checksum.sha256(bytes),
      size: bytes.count, written: try Files.modified(path))
  }

  private static let formatPrefix = "replan-"
}

private struct HeaderMetadata: Decodable {
  var metadata: [String: String]

  enum CodingKeys: String, CodingKey { case metadata = "__metadata__" }
}

extension ShapeText {
  fileprivate var words: String {
    let widths = ([inputs] + hidden + [outputs]).map(String.init).joined(separator: "-")
    return "\(members) x \(widths) \(activation)"
  }
}

extension ModelOverview {
  /// Numbers of episodes as text: runs of neighbours joined.
  public static func text(ofEpisodes numbers: [Int]) -> String {
    var runs: [ClosedRange<Int>] = []
    for number in Set(numbers).sorted() {
      if let last = runs.last, number == last.upperBound + 1 {
        runs[runs.count - 1] = last.lowerBound...number
      } else {
        runs.append(number...number)
      }
    }
    return runs.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
      .joined(separator: ", ")
  }
}
