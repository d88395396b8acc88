import Foundation
public import ReplanRecord

/// The files that a user names: files, and folders of them.
public enum RecordingFiles {
  private static let endings: Set<String> = ["mcap", "csv", "tsv", "txt", "dat"]

  /// Files in the order given; of a folder its recordings by name, of a workspace its episodes.
  ///
  /// - Throws: `refused` for a folder without recordings.
  public static func expand(_ paths: [String]) throws(RecordError) -> [String] {
    var result: [String] = []
    for path in paths {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
        isFolder.boolValue
      else {
        // A file that is not there is told of by whoever reads it.
        result.append(path)
        continue
      }
      let episodes = path + "/episodes"
      let folder = FileManager.default.fileExists(atPath: episodes) ? episodes : path
      let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
      let files = names.filter { name in
        endings.contains(String(name.split(separator: ".").last ?? ""))
      }
      guard !files.isEmpty else {
        throw .refused(
          path: path, reason: "it holds no recording: no file ends in .mcap, .csv, .tsv or .txt")
      }
      result += files.map { folder + "/" + $0 }
    }
    return result
  }
}
